import type { Metadata } from "next";
import { campaignPage, withoutNames } from "@/app/admin/_desk/desk-page";
import { Review, type ShownKind } from "@/components/admin/Review";
import { recordAudit } from "@/lib/audit";
import {
  BURST_FROM,
  BURST_TIMES,
  type GroupKind,
  heldSignatories,
  ONE_NETWORK_FROM,
  reviewGroups,
  SAME_NAME_FROM,
} from "@/lib/moderation";
import { markGroupGenuine, releaseOrDiscard } from "./actions";

export const metadata: Metadata = { title: "Likely fakes" };

const KINDS: readonly (ShownKind & { kind: GroupKind })[] = [
  {
    kind: "joke-name",
    title: "Joke names",
    meaning: "Names that people sign with to mock a petition.",
  },
  {
    kind: "look-alike",
    title: "Look-alike addresses",
    meaning:
      "Addresses that most likely belong to one mailbox: they differ only in dots, tags or the provider’s domain.",
  },
  {
    kind: "network",
    title: "One network",
    meaning: `${ONE_NETWORK_FROM} or more signatures from one network on one day. Networks are kept for two days at most.`,
  },
  {
    kind: "burst",
    title: "Bursts",
    meaning: `Hours with ${BURST_FROM} or more signatures from one country, at least ${BURST_TIMES} times its usual number.`,
  },
  {
    kind: "same-name",
    title: "The same name many times",
    meaning: `${SAME_NAME_FROM} or more signatures with one name.`,
  },
];

/** The review queue, in groups. Opening it is audited, because it shows names. */
export default campaignPage("review.list", async ({ actor, may, reader, slug }) => {
  const found = await reviewGroups(reader, slug);
  if (found.kind !== "found") return withoutNames(found);
  const waiting = await heldSignatories(reader, slug);
  if (waiting.kind !== "found") return withoutNames(waiting);
  const [groups, held] = [found.groups, waiting.signatories];
  await recordAudit({
    actor,
    action: "review.list",
    campaign: slug,
    detail: { groups: groups.length, held: held.length },
  });
  return (
    <Review
      desk={`/admin/${slug}`}
      mayChange={may("run")}
      kinds={KINDS}
      groups={groups}
      held={held}
      actions={{ genuine: markGroupGenuine, decide: releaseOrDiscard }}
    />
  );
});
