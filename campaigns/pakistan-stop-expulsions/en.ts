import type { CampaignContent } from "@/lib/campaigns";
import { RETURNS } from "./returns.ts";
import { SOURCES, type SourceId } from "./sources.ts";

/** The campaign in English, in plain words of its own. Amnesty is quoted as others are: "Amnesty said". */
export const en: CampaignContent<SourceId> = {
  headline: "Stop forcing Afghans back to danger",
  summary: [
    { text: "Pakistan is sending Afghans home in stages.", sources: ["K2", "S"] },
    { text: "Amnesty International has asked it to stop.", sources: ["K21", "K33"] },
  ],
  asOf: "The first part describes March 2024, when this campaign began. “What came after” and the timeline go on to January 2026. We have no later source.",
  call: {
    title: "The call",
    to: {
      text: "To the Prime Minister of Pakistan, the office to which Amnesty’s open letter of January 2026 went.",
      sources: ["K26"],
    },
    demand: "Halt forced returns to Afghanistan now.",
    points: [
      { text: "Stop the expulsions.", sources: ["K21", "K33"] },
      {
        text: "Check each person’s risk before any return. UN experts said the plan did not.",
        sources: ["K31"],
      },
      { text: "Register people fairly and fast, those most at risk first.", sources: ["K23"] },
      { text: "Pass a law that protects refugees.", sources: ["K22"] },
    ],
  },
  sections: [
    {
      id: "now",
      title: "What was happening",
      period: "October 2023 to March 2024",
      claims: [
        {
          text: "In October 2023 Pakistan told people without papers to leave by 1 November.",
          sources: ["K1", "K4"],
        },
        {
          text: "By March 2024 about 525,000 people had returned, the UN migration agency IOM counted.",
          sources: ["K10"],
        },
        { text: "Some chose to go and others were forced.", sources: ["K2", "K10"] },
        {
          text: "That month Pakistan prepared a second phase: about one million Afghans who hold an Afghan Citizen Card, which the state itself had issued.",
          sources: ["K2", "K6"],
        },
        { text: "People with other cards were to come third.", sources: ["K2"] },
      ],
    },
    {
      id: "after",
      title: "What came after",
      period: "April 2024 to January 2026",
      claims: [
        {
          text: "In July 2024 the head of the UN refugee agency UNHCR said the plan was suspended; the Foreign Office said it went on.",
          sources: ["K7a", "K7b"],
        },
        { text: "Afghan Citizen Card holders then had until 31 March 2025.", sources: ["K8"] },
        {
          text: "The cards of registered refugees (Proof of Registration) ran out on 30 June 2025, and their removal was due from 1 September. UNHCR objected.",
          sources: ["K9a", "K9b"],
        },
        {
          text: "By January 2026 IOM counted 1,495,851 returns since the start, 778,739 of them in 2025.",
          sources: ["K11"],
        },
        {
          text: "UNHCR, which counts differently, reported 931,700 returns from Pakistan between 1 April and 13 December 2025; 135,200 of these were deportations.",
          sources: ["K12"],
        },
      ],
    },
    {
      id: "risk",
      title: "Who is at risk",
      claims: [],
      points: [
        { text: "Women and girls", sources: ["K22", "K24"] },
        {
          text: "Children: nearly half of 520,000 people who had returned, Save the Children said in April 2024; two in three, UNICEF said in April 2025",
          sources: ["K13a", "K13b"],
        },
        {
          text: "Journalists: more than 200, Reporters Without Borders said in November 2023",
          sources: ["K18"],
        },
        { text: "People who defend human rights, and artists", sources: ["K22", "K24"] },
        { text: "Religious and other minorities", sources: ["K19a", "K19b", "K24"] },
        { text: "People who worked for the former government", sources: ["K22", "K24"] },
      ],
    },
    {
      id: "return",
      title: "What people return to",
      claims: [],
      points: [
        {
          text: "Need: in March 2024 food, water and shelter were said to be scarce. In November 2023 the UN aid office OCHA had said that most who came back had no shelter.",
          sources: ["K16", "S"],
        },
        {
          text: "Winter: the first phase ran into it. UNHCR warned in November 2023 that the cold can kill.",
          sources: ["K2", "K17"],
        },
        {
          text: "No school: girls are barred from secondary school; 2.2 million are affected, it was reported in 2025.",
          sources: ["K15"],
        },
        { text: "A study found that 65% of returned children were not in school.", sources: ["K14"] },
        {
          text: "Violence: a UN report of July 2025, built on 49 interviews, tells of torture, arbitrary arrest and threats.",
          sources: ["K20"],
        },
      ],
    },
    {
      id: "law",
      title: "What the law says",
      claims: [
        {
          text: "No one may be sent to a country where torture is a real danger for them.",
          sources: ["K27"],
        },
        {
          text: "Pakistan joined the treaty with that rule, the Convention against Torture, in 2010. It first made a reservation to the rule; a later list no longer shows it.",
          sources: ["K28a", "K28b"],
        },
        { text: "Pakistan has not joined the Refugee Convention of 1951.", sources: ["K30"] },
        {
          text: "UN experts said in December 2023 that nobody checked each person’s risk, and that this may break law that binds every state.",
          sources: ["K31"],
        },
        {
          text: "In August 2021 UNHCR set out its position against returning people to Afghanistan by force.",
          sources: ["K32"],
        },
      ],
    },
    {
      id: "amnesty",
      title: "What Amnesty asks, and of whom",
      claims: [],
      points: [
        {
          text: "Of Pakistan: Amnesty asked it in November 2023 to stop the deportations, and in April 2024 to reverse the plan, pass a refugee law and join the Refugee Convention.",
          sources: ["K21", "K22"],
        },
        {
          text: "Of those who register refugees: to work faster for women, girls, journalists and minorities.",
          sources: ["K23"],
        },
        { text: "Of other countries: to resettle people faster.", sources: ["K33"] },
        {
          text: "Later: in April 2025 Amnesty began #UndoTheDeadline; in January 2026 it wrote an open letter to the Prime Minister.",
          sources: ["K25", "K26"],
        },
      ],
    },
    {
      id: "officials",
      title: "What Pakistan’s officials say",
      claims: [
        {
          text: "In October 2023 officials said the plan would improve law and order, and that 1.73 million people had no papers.",
          sources: ["K4"],
        },
        {
          text: "The Foreign Office called it lawful, a matter of safety and security, and meant for foreigners of every nationality.",
          sources: ["K5"],
        },
        { text: "In July 2024 it said the plan went on.", sources: ["K7b"] },
      ],
    },
  ],
  returns: RETURNS,
  sources: SOURCES,
  questions: [
    {
      question: "Was everyone who returned deported?",
      claims: [
        {
          text: "No. Counts of returns include people who left for other reasons. From April to mid-December 2025 UNHCR counted 135,200 deportations among 931,700 returns from Pakistan.",
          sources: ["K12"],
        },
      ],
    },
    {
      question: "Why do the totals differ?",
      claims: [
        { text: "IOM counts from the start of the plan.", sources: ["K11"] },
        { text: "UNHCR’s figure covers part of 2025. The two must not be added.", sources: ["K12"] },
      ],
    },
    {
      question: "Has Pakistan not hosted millions?",
      claims: [{ text: "Yes, for decades.", sources: ["K21"] }],
    },
    {
      question: "Is this still going on?",
      claims: [
        { text: "Removals of registered refugees were due from September 2025.", sources: ["K9b"] },
        { text: "In January 2026 Amnesty wrote to the Prime Minister.", sources: ["K26"] },
      ],
    },
    {
      question: "Will my name be public?",
      claims: [],
      advice:
        "No, unless you tick the box for it. If a public name could put you or your family at risk, leave the box empty.",
    },
  ],
  timeline: [
    { date: "2023-10-03", claim: { text: "Pakistan’s Apex Committee sets the deadline.", sources: ["K1"] } },
    { date: "2023-11-01", claim: { text: "The deadline passes.", sources: ["K4", "K21"] } },
    {
      date: "2023-11-06",
      claim: { text: "The US religious freedom commission USCIRF fears for minorities.", sources: ["K19a"] },
    },
    { date: "2023-11-14", claim: { text: "OCHA: 327,000 have gone back.", sources: ["K16"] } },
    { date: "2023-11-23", claim: { text: "UNHCR asks for a halt in winter.", sources: ["K17"] } },
    {
      date: "2023-12",
      claim: { text: "UN experts warn that risks are not checked one by one.", sources: ["K31"] },
    },
    {
      date: "2024-03-18",
      claim: { text: "The second phase is announced; Punjab is to begin on 15 April.", sources: ["K2"] },
    },
    { date: "2024-03-26", claim: { text: "Amnesty’s call to stop is reported.", sources: ["K33", "S"] } },
    { date: "2024-04", claim: { text: "Amnesty asks Pakistan to reverse the plan.", sources: ["K22"] } },
    {
      date: "2024-07",
      claim: { text: "UNHCR’s head says suspended; the Foreign Office says not.", sources: ["K7a", "K7b"] },
    },
    { date: "2025-03-31", claim: { text: "Deadline for Afghan Citizen Card holders.", sources: ["K8"] } },
    { date: "2025-04", claim: { text: "Amnesty begins #UndoTheDeadline.", sources: ["K25"] } },
    { date: "2025-06-30", claim: { text: "Proof of Registration cards run out.", sources: ["K9a"] } },
    { date: "2025-07-24", claim: { text: "A UN report tells of torture after return.", sources: ["K20"] } },
    {
      date: "2025-09-01",
      claim: { text: "Removal of registered refugees is due to start.", sources: ["K9b"] },
    },
    {
      date: "2026-01",
      claim: {
        text: "Amnesty’s open letter. IOM’s count stands at 1,495,851 returns.",
        sources: ["K26", "K11"],
      },
    },
  ],
  aboutSources: "Where a report passes on someone else’s count, the page names who counted.",
};
