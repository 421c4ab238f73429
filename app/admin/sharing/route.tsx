import { forAction } from "@/app/_admin/action";
import { adminPage, notice, organisation, signedInAs } from "@/app/_admin/page";
import { SharingPage, SharingTreePage } from "@/components/admin/SharingPage";
import type { Actor } from "@/lib/admin";
import { CAMPAIGN_SLUG } from "@/lib/campaign/content";
import { busiestCodes, reachOf, signaturesByOrigin, treeOf } from "@/lib/sharing";
import { BRANCHES_SHOWN } from "@/lib/sharing/reach";

/** What brings people; with `?code=` the tree of one share code. */
export function GET(request: Request): Promise<Response> {
  return forAction(request, "sharing.view", async ({ actor, query }) => {
    const code = query.get("code");
    if (code !== null) return treePage(actor, code);
    const [codes, origins] = await Promise.all([
      busiestCodes(CAMPAIGN_SLUG),
      signaturesByOrigin(CAMPAIGN_SLUG),
    ]);
    return adminPage(
      <SharingPage
        organisation={organisation()}
        signedIn={signedInAs(actor)}
        codes={codes}
        origins={origins}
      />,
    );
  });
}

async function treePage(actor: Actor, code: string): Promise<Response> {
  const [root, ...others] = await treeOf(CAMPAIGN_SLUG, code);
  if (!root) return notice(actor, "There is no such share code", "It may be mistyped.", 404);
  return adminPage(
    <SharingTreePage
      organisation={organisation()}
      signedIn={signedInAs(actor)}
      branches={[root, ...others]}
      reach={await reachOf(code)}
      cut={others.length + 1 === BRANCHES_SHOWN}
    />,
  );
}
