import type { Metadata } from "next";
import { deskPage } from "@/app/admin/_desk/desk-page";
import { Team } from "@/components/admin/Team";
import { campaignsWithRoles, listAccounts, listSessions, listTokens, TOKEN_MAX_DAYS } from "@/lib/accounts";
import { headlineOf } from "@/lib/campaigns";
import {
  endTeamSession,
  giveRole,
  invite,
  makeToken,
  remove,
  resetCredential,
  revokeApiToken,
  takeRole,
} from "./actions";

export const metadata: Metadata = { title: "Team" };

export default deskPage("access.view", async () => {
  const [accounts, campaigns, sessions, tokens] = await Promise.all([
    listAccounts(),
    campaignsWithRoles(),
    listSessions(),
    listTokens(),
  ]);
  return (
    <Team
      accounts={accounts}
      sessions={sessions}
      tokens={tokens}
      campaigns={campaigns.map((slug) => ({ slug, headline: headlineOf(slug) }))}
      tokenMaxDays={TOKEN_MAX_DAYS}
      actions={{
        invite,
        giveRole,
        takeRole,
        reset: resetCredential,
        remove,
        endSession: endTeamSession,
        makeToken,
        revokeToken: revokeApiToken,
      }}
    />
  );
});
