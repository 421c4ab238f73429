import type { Campaign, CampaignContent } from "@/lib/campaigns";

const content: CampaignContent<"K1"> = {
  headline: "Clean water for every village",
  summary: [{ text: "Many villages have no clean water.", sources: ["K1"] }],
  asOf: "Written in November 2026.",
  call: {
    title: "The call",
    to: { text: "To the Minister of Water.", sources: ["K1"] },
    demand: "Dig wells now.",
    points: [{ text: "Begin where none is near.", sources: ["K1"] }],
  },
  sections: [
    { id: "now", title: "What is happening", claims: [{ text: "Wells ran dry in 2026.", sources: ["K1"] }] },
  ],
  returns: [{ date: "2026-11-01", count: 12, countedBy: "a survey", source: "K1" }],
  questions: [{ question: "Who pays?", claims: [{ text: "The ministry.", sources: ["K1"] }] }],
  timeline: [{ date: "2026-10", claim: { text: "The survey came out.", sources: ["K1"] } }],
  aboutSources: "All of it is made up.",
  sources: {
    K1: {
      publisher: "A survey",
      what: "Wells by village",
      date: "2026-10-01",
      url: "https://example.org/wells",
    },
  },
};

/** A second campaign, for tests: nothing else names it. It says the same in every language. */
export const campaign: Campaign = {
  goal: 500,
  content: { en: content, ur: content, "fa-AF": content, ps: content },
};
