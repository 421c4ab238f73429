import { z } from "zod";
import { forAction, forForm, type Posted, withoutNames } from "@/app/admin/_desk/action";
import { adminPage, notice, organisation, signedInAs } from "@/app/admin/_desk/document";
import { ReviewPage, type ShownKind } from "@/components/admin/ReviewPage";
import { type Actor, recordAudit } from "@/lib/audit";
import { ONLY_CAMPAIGN } from "@/lib/campaigns";
import { redirect } from "@/lib/http/answers";
import { signaturesChanged } from "@/lib/http/public-pages";
import {
  BURST_FROM,
  BURST_TIMES,
  discardHeld,
  type GroupKind,
  heldSignatories,
  markGenuine,
  ONE_NETWORK_FROM,
  releaseHeld,
  reviewGroups,
  SAME_NAME_FROM,
} from "@/lib/moderation";

const KINDS: readonly (ShownKind & { kind: GroupKind })[] = [
  { kind: "joke-name", title: "Joke names", meaning: "Names that petitions are mocked with." },
  {
    kind: "look-alike",
    title: "Look-alike addresses",
    meaning:
      "Addresses that most likely lead to one mailbox: they differ in dots, tags or a provider's names.",
  },
  {
    kind: "network",
    title: "One network",
    meaning: `${ONE_NETWORK_FROM} or more from one network on one day. It can be told for two days at most.`,
  },
  {
    kind: "burst",
    title: "Bursts",
    meaning: `Hours that brought ${BURST_FROM} or more from one country, and ${BURST_TIMES} times its usual number.`,
  },
  {
    kind: "same-name",
    title: "The same name many times",
    meaning: `${SAME_NAME_FROM} signatures or more.`,
  },
];

/** Serves the review queue, in groups. Viewing is logged, since the page shows names. */
export function GET(request: Request): Promise<Response> {
  return forAction(request, "review.list", async (visit) => {
    const { actor, reader } = visit;
    const found = await reviewGroups(reader, ONLY_CAMPAIGN);
    if (found.kind !== "found") return withoutNames(visit, found);
    const waiting = await heldSignatories(reader, ONLY_CAMPAIGN);
    if (waiting.kind !== "found") return withoutNames(visit, waiting);
    const [groups, held] = [found.groups, waiting.signatories];
    await recordAudit({
      actor,
      action: "review.list",
      detail: { groups: groups.length, held: held.length },
    });
    return adminPage(
      <ReviewPage
        organisation={organisation()}
        signedIn={signedInAs(actor)}
        kinds={KINDS}
        groups={groups}
        held={held}
      />,
    );
  });
}

/** Marks a group as genuine so that it does not come back, or releases or discards a held signature. */
export function POST(request: Request): Promise<Response> {
  const decided =
    (decide: (actor: Actor, id: string) => Promise<boolean>) =>
    async ({ actor, form: { signature = "" } }: Posted): Promise<Response> => {
      if (!z.uuid().safeParse(signature).success || !(await decide(actor, signature)))
        return notice(actor, "There is no such signature", "It may have been dealt with already.", 404);
      signaturesChanged();
      return redirect("/admin/review");
    };
  return forForm(request, {
    "review.genuine": async ({ actor, form: { group = "" } }) => {
      if (!z.uuid().safeParse(group).success || !(await markGenuine(actor, group)))
        return notice(actor, "There is no such group", "It may have been dealt with already.", 404);
      return redirect("/admin/review");
    },
    "review.release": decided(releaseHeld),
    "review.discard": decided(discardHeld),
  });
}
