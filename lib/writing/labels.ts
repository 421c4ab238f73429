const TOP: Readonly<Record<string, string>> = {
  title: "Title",
  summary: "Summary",
  asOf: "Up to when it describes events",
  aboutSources: "Remark above the sources",
  outcome: "What the campaign reached",
  "call.to": "Whom the call addresses",
  "call.demand": "The demand",
  "call.lead": "Explanation of the demand",
  "share.text": "Text beside a shared link",
  "share.subject": "Subject of a shared mail",
  "share.whatsapp": "Text for WhatsApp",
  "share.telegram": "Text for Telegram",
  "share.x": "Text for X",
  "share.bluesky": "Text for Bluesky",
  "share.sms": "Text for SMS",
  "share.email": "Text for mail",
};

const NUMBERED: Readonly<Record<string, string>> = {
  points: "list",
  question: "question",
  timeline: "timeline",
  figure: "figure",
  quotation: "quotation",
  picture: "picture",
  paragraph: "paragraph",
  headings: "heading of column",
  rows: "row",
};

const LAST: Readonly<Record<string, string>> = {
  title: "title",
  caption: "text below the title",
  by: "by whom",
  text: "words",
  alternative: "what it shows, in words",
  at: "when or where",
};

/** Returns the number of the section that a part belongs to; null for what stands above the sections. */
export function sectionOf(key: string): number | null {
  const [, number] = /^sections\.(\d+)\./.exec(key) ?? [];
  return number === undefined ? null : Number(number);
}

/** Returns what a part of a document is called: `Title`, `Point 2`, `Section 3, paragraph 1`. */
export function partLabel(key: string): string {
  const known = TOP[key];
  if (known !== undefined) return known;
  const [, point] = /^call\.points\.(\d+)$/.exec(key) ?? [];
  if (point !== undefined) return `Point ${point}`;
  const section = sectionOf(key);
  if (section === null) return key;
  const steps = key.split(".").slice(2);
  if (steps.join(".") === "title") return `Section ${section}: heading`;
  return [`Section ${section}`, ...namesOf(steps)].join(", ");
}

function namesOf(steps: readonly string[]): string[] {
  const names: string[] = [];
  let inside = "";
  for (const step of steps) {
    if (/^\d+$/.test(step)) {
      const within = inside === "" ? "entry" : inside;
      names.push(`${within} ${step}`);
      // What is counted within a list are its points, within a timeline its entries.
      inside = within === "list" ? "point" : "";
    } else if (NUMBERED[step] === undefined) names.push(LAST[step] ?? step);
    else inside = NUMBERED[step];
  }
  return names;
}
