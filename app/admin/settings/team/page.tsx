import type { Metadata } from "next";
import { deskPage } from "@/app/admin/_desk/desk-page";
import { Team } from "@/components/admin/Team";
import { listAccounts, listSessions, listTokens, TOKEN_MAX_DAYS } from "@/lib/accounts";
import { endTeamSession, invite, makeToken, resetOrRemove, revokeApiToken } from "./actions";

export const metadata: Metadata = { title: "Team" };

export default deskPage("access.view", async () => {
  const [accounts, sessions, tokens] = await Promise.all([listAccounts(), listSessions(), listTokens()]);
  return (
    <Team
      accounts={accounts}
      sessions={sessions}
      tokens={tokens}
      tokenMaxDays={TOKEN_MAX_DAYS}
      actions={{
        invite,
        resetOrRemove,
        endSession: endTeamSession,
        makeToken,
        revokeToken: revokeApiToken,
      }}
    />
  );
});
