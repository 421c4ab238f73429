import { type CampaignDocument, plainText } from "@/lib/document";

/** The words of a campaign that drawings show. Plain data: it is sent to the threads that draw. */
export type DrawnText = {
  title: string;
  summary: string;
  call: { to: string; lead: string; demand: string; points: readonly string[] };
};

/** Returns the words of a document that drawings show. */
export function drawnText({ title, summary, call }: CampaignDocument): DrawnText {
  return {
    title,
    summary: plainText(summary),
    call: {
      to: call.to,
      lead: plainText(call.lead),
      demand: call.demand,
      points: call.points.map(plainText),
    },
  };
}
