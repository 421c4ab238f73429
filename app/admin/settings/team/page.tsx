import type { Metadata } from "next";
import { deskPage } from "@/app/admin/_desk/desk-page";
import { Team } from "@/components/admin/Team";
import { listAccounts, listSessions, listTokens, TOKEN_MAX_DAYS } from "@/lib/accounts";
import { deskCampaigns } from "@/lib/editing";
import { changePerson, endTeamSession, giveRole, invite, makeToken, revokeApiToken } from "./actions";

export const metadata: Metadata = { title: "Team" };

export default deskPage("access.view", async () => {
  const [accounts, campaigns, sessions, tokens] = await Promise.all([
    listAccounts(),
    deskCampaigns(),
    listSessions(),
    listTokens(),
  ]);
  return (
    <Team
      accounts={accounts}
      sessions={sessions}
      tokens={tokens}
      campaigns={campaigns
        .filter(({ archived }) => !archived)
        .map(({ slug, title }) => ({ slug, headline: title }))}
      tokenMaxDays={TOKEN_MAX_DAYS}
      actions={{
        invite,
        giveRole,
        changePerson,
        endSession: endTeamSession,
        makeToken,
        revokeToken: revokeApiToken,
      }}
    />
  );
});
