import { forAction } from "@/app/admin/_desk/action";
import { adminPage, organisation, signedInAs } from "@/app/admin/_desk/document";
import { SharingPage } from "@/components/admin/SharingPage";
import { ONLY_CAMPAIGN } from "@/lib/campaigns";
import { shareSums } from "@/lib/sharing";

/** Serves sharing statistics, aggregated over many people; the same for every role. */
export function GET(request: Request): Promise<Response> {
  return forAction(request, "sharing.view", async ({ actor }) =>
    adminPage(
      <SharingPage
        organisation={organisation()}
        signedIn={signedInAs(actor)}
        sums={await shareSums(ONLY_CAMPAIGN)}
      />,
    ),
  );
}
