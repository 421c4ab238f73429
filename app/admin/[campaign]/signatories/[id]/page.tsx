import type { Metadata } from "next";
import { z } from "zod";
import { campaignPage, notThere, withoutNames } from "@/app/admin/_desk/desk-page";
import { Signatory } from "@/components/admin/Signatory";
import { recordAudit } from "@/lib/audit";
import { INVALID_REASONS, suppressionOf } from "@/lib/moderation";
import { signatoryWithHistory } from "@/lib/signatories";
import { act } from "./actions";

export const metadata: Metadata = { title: "Signatory" };

/** One signatory. Viewing it is logged. */
export default campaignPage(
  "signatory.view",
  async ({ actor, may, reader, slug }, { params }: PageProps<"/admin/[campaign]/signatories/[id]">) => {
    const { id } = await params;
    const found = z.uuid().safeParse(id).success ? await signatoryWithHistory(reader, slug, id) : null;
    if (found === null) return notThere();
    if (found.kind !== "found") return withoutNames(found);
    await recordAudit({ actor, action: "signatory.view", campaign: slug, signature: id, detail: {} });
    const { signatory, invalidity, history, unsubscribedAt } = found;
    return (
      <Signatory
        signatory={signatory}
        invalidity={invalidity}
        history={history}
        unsubscribedAt={unsubscribedAt}
        suppressed={await suppressionOf({ slug, signatureId: id })}
        reasons={INVALID_REASONS}
        act={may("run") ? act : null}
      />
    );
  },
);
