import type { Outcome } from "@/lib/campaigns";
import type { DeskCampaign } from "@/lib/editing";

/** What the outcomes of a campaign are called. */
export const OUTCOME_NAMES: Readonly<Record<Outcome, string>> = {
  won: "won",
  partly: "partly won",
  lost: "not won",
  handed_over: "handed over",
};

type State = Pick<DeskCampaign, "status" | "outcome" | "archived" | "working">;

/** Says how a campaign is doing: "Open", "Closed: won". */
export function stateInWords({ status, outcome, archived, working }: State): string {
  if (status === "draft") return ["Draft", workInWords(working)].filter(Boolean).join(": ");
  const closed = outcome === null ? "Closed" : `Closed: ${OUTCOME_NAMES[outcome]}`;
  if (archived) return `${closed}, archived`;
  return status === "closed" ? closed : "Open";
}

/** Says what becomes of the text that is being worked on; empty if there is nothing to say. */
export function workInWords(working: DeskCampaign["working"]): string {
  switch (working) {
    case "in_review":
      return "in review";
    case "scheduled":
      return "waiting for its time";
    default:
      return "";
  }
}
