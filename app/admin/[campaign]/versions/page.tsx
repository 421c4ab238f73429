import type { Metadata } from "next";
import { campaignPage } from "@/app/admin/_desk/desk-page";
import { Versions } from "@/components/admin/versions/Versions";
import { audienceOf } from "@/lib/disclosure";
import { outlookOf, signersByVersion, versionsOf } from "@/lib/editing";
import { decideOnDraft, takeBackVersion } from "./actions";

export const metadata: Metadata = { title: "Versions" };

/** The text that is being worked on, and those that were published. */
export default campaignPage("version.view", async (visit) => {
  const { actor, campaign, may, slug, timeZone } = visit;
  const [versions, outlook, signers] = await Promise.all([
    versionsOf(slug),
    outlookOf(actor, slug),
    signersByVersion(slug, audienceOf(visit)),
  ]);
  const draft = versions.find(({ number }) => number === null) ?? null;
  return (
    <Versions
      campaign={campaign}
      draft={draft && outlook && { ...draft, outlook }}
      published={versions.flatMap((version) =>
        version.number === null
          ? []
          : [{ ...version, number: version.number, signed: signers.get(version.number) ?? null }],
      )}
      timeZone={timeZone}
      may={{ write: may("write"), publish: may("publish") }}
      actions={{ decide: decideOnDraft, takeBack: takeBackVersion }}
    />
  );
});
