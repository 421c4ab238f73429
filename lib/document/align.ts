import type { Draft, DraftBlock, DraftPart } from "./draft";
import type { Report } from "./faults";

/** Stands in a translation for a part that is still to be translated. */
export const UNTRANSLATED = "…";

/** Like `renamedAfter`, without the parts that are still to be translated. */
export function alignedWith(original: Draft, translation: Draft): Draft {
  const aligned = renamedAfter(original, translation);
  const parts = [...aligned.parts].filter(
    ([key, { markdown }]) => markdown !== UNTRANSLATED || original.parts.get(key)?.markdown === UNTRANSLATED,
  );
  return { ...aligned, parts: new Map(parts) };
}

/**
 * Gives the parts of a translation the keys that they have in the original, where counting alone gives others:
 * events of a timeline belong together by their dates, and a translation may lack the text before the first heading.
 */
export function renamedAfter(original: Draft, translation: Draft): Draft {
  const first = original.sections[0];
  const shifted =
    first && !first.titled && translation.sections[0]?.titled !== false
      ? renamed(translation, (key) =>
          key.replace(/^sections\.(\d+)/, (_, at: string) => `sections.${Number(at) + 1}`),
        )
      : translation;
  const events = new Map<string, string>();
  for (const block of shifted.sections.flatMap(({ blocks }) => blocks)) {
    const counterpart = blockOf(original, block.key);
    if (block.kind !== "timeline" || counterpart?.kind !== "timeline") continue;
    let next = 0;
    for (const [at, event] of block.events.entries()) {
      const found = counterpart.events.findIndex(({ date }, index) => index >= next && date === event.date);
      // A date that the original lacks is refused; until then it is in nobody's way.
      events.set(`${block.key}.${at + 1}`, `${block.key}.${found < 0 ? `of ${event.date}` : found + 1}`);
      if (found >= 0) next = found + 1;
    }
  }
  return renamed(shifted, (key) => events.get(key) ?? key);
}

function renamed(draft: Draft, name: (key: string) => string): Draft {
  const block = <B extends DraftBlock>(each: B): B => ({
    ...each,
    key: name(each.key),
    ...(each.kind === "question" && { blocks: each.blocks.map(block) }),
  });
  return {
    ...draft,
    parts: new Map(
      [...draft.parts.values()].map((part) => [name(part.key), { ...part, key: name(part.key) }]),
    ),
    sections: draft.sections.map((section) => ({
      ...section,
      key: name(section.key),
      blocks: section.blocks.map(block),
    })),
  };
}

function blockOf(draft: Draft, key: string): DraftBlock | undefined {
  return draft.sections.flatMap(({ blocks }) => blocks).find((block) => block.key === key);
}

/** Parts of a figure that come from another place with the same data where a document lacks them. */
export function isBorrowed(key: string): boolean {
  return /\.figure\.\d+\.(?:title|headings\.\d+|rows\.\d+\.\w+)$/.test(key);
}

/**
 * Reports where a translation differs from the original.
 * @param mayLack whether its missing parts are shown in the first language.
 * @param originalFile for the messages.
 */
export function compare(
  original: Draft,
  translation: Draft,
  mayLack: boolean,
  originalFile: string,
  report: Report,
): void {
  for (const [group, parts] of groupsOf(
    [...translation.parts.values()].filter(({ key }) => !original.parts.has(key) && !isBorrowed(key)),
  )) {
    const dates = parts.every(({ key }) => /\.of [\d-]+$/.test(key));
    report(
      parts[0]?.line ?? 1,
      dates && parts[0]
        ? `${originalFile} has no event of ${parts[0].key.replace(/^.*\.of /, "")} in ${partName(group)}: use the dates of ${originalFile}, or add the event there`
        : `${originalFile} has no ${partName(parts.length === 1 && parts[0] ? parts[0].key : group)}: remove it here, or add it there`,
    );
  }
  const counterparts = new Map(original.sections.map((section) => [section.key, section]));
  for (const section of translation.sections) {
    const counterpart = counterparts.get(section.key);
    if (!counterpart) {
      // Its text was reported above.
      if (section.blocks.length === 0)
        report(
          section.line,
          `${originalFile} has no ${partName(section.key)}: remove it here, or add it there`,
        );
      continue;
    }
    const order = new Map(counterpart.blocks.map((block, at) => [block.key, at]));
    let last = -1;
    for (const block of section.blocks) {
      const at = order.get(block.key);
      if (at === undefined) continue;
      if (at < last)
        report(
          block.line,
          `${partName(block.key)} stands elsewhere in ${originalFile}: keep the order of that file`,
        );
      last = Math.max(last, at);
      compareBlocks(counterpart.blocks[at], block, originalFile, report);
    }
  }
  if (!mayLack) reportMissing(original, translation, originalFile, report);
}

function reportMissing(original: Draft, translation: Draft, originalFile: string, report: Report): void {
  const refuse = (key: string, line: number, mend: string) =>
    report(
      lineNear(translation, key),
      `${partName(key)} is missing (line ${line} of ${originalFile}): ${mend}`,
    );
  const translate = "translate it, or list this language in unfinished in campaign.yaml";
  const there = new Set(translation.sections.map(({ key }) => key));
  const absent = original.sections.filter(({ key }) => !there.has(key));
  for (const { key, line } of absent) refuse(key, line, translate);
  const isTold = (key: string) => absent.some((section) => key.startsWith(`${section.key}.`));
  const missing = [...original.parts.values()].filter(
    ({ key }) => !translation.parts.has(key) && !isBorrowed(key) && !isTold(key),
  );
  for (const [group, parts] of groupsOf(missing))
    if (holds(translation, group)) for (const { key, line } of parts) refuse(key, line, translate);
    else refuse(group, parts[0]?.line ?? 1, translate);
  // A figure without a caption has no part that must be translated.
  for (const { kind, key, line, ...block } of original.sections.flatMap(({ blocks }) => blocks))
    if (
      kind === "figure" &&
      !original.parts.has(`${key}.caption`) &&
      !isTold(key) &&
      !blockOf(translation, key)
    )
      refuse(key, line, `write :::figure{data="${"data" in block ? block.data : ""}"} and ::: there`);
}

/** Whether a document has what a group of parts stands in. */
function holds(draft: Draft, group: string): boolean {
  if (group === "call") return draft.call !== null;
  if (group === "share") return [...draft.parts.keys()].some((key) => key.startsWith("share."));
  return blockOf(draft, group) !== undefined;
}

function compareBlocks(
  original: DraftBlock | undefined,
  block: DraftBlock,
  file: string,
  report: Report,
): void {
  if (original?.kind === "figure" && block.kind === "figure") {
    if (original.data !== block.data)
      report(
        block.line,
        `this figure shows ${block.data}, and ${file} shows ${original.data} there: name the same data`,
      );
    if (block.type !== null && block.type !== (original.type ?? "line"))
      report(
        block.line,
        `this figure is of type ${block.type}, and in ${file} of type ${original.type ?? "line"}: leave the type out here`,
      );
  }
  if (original?.kind === "picture" && block.kind === "picture" && original.name !== block.name)
    report(
      block.line,
      `this picture is ${block.name}, and ${file} shows ${original.name} there: name the same picture`,
    );
}

/** Parts by the block that they stand in, so that a missing block is told once. */
function groupsOf(parts: readonly DraftPart[]): Map<string, DraftPart[]> {
  return Map.groupBy(
    parts,
    ({ key }) => /^(?:sections\.\d+\.\w+\.\d+|call|share)(?=\.)/.exec(key)?.[0] ?? key,
  );
}

/** The line of what stands around a part that is missing. */
function lineNear(draft: Draft, key: string): number {
  const blocks = draft.sections.flatMap((section) => section.blocks);
  const block = blocks.find((each) => `${key}.`.startsWith(`${each.key}.`));
  if (block) return block.line;
  if (key.startsWith("call")) return draft.call?.line ?? draft.line;
  const number = Number(/^sections\.(\d+)/.exec(key)?.[1] ?? 0);
  if (number === 0) return 1;
  const section = draft.sections.findLast((each) => Number(each.key.split(".")[1]) <= number);
  return section?.line ?? draft.line;
}

/** What a part is called for a reader: `section 2, list 1, point 3`. */
function partName(key: string): string {
  const steps = key.split(".");
  const named: string[] = [];
  let inside = "";
  for (let at = 0; at < steps.length; at += 1) {
    const step = steps[at] ?? "";
    const next = steps[at + 1];
    const number = next !== undefined && /^\d+$/.test(next) ? next : null;
    if (/^\d+$/.test(step)) named.push(`${inside === "timeline" ? "event" : "point"} ${step}`);
    else if (number !== null) {
      named.push(`${NUMBERED[step] ?? step} ${number}`);
      inside = step;
      at += 1;
    } else {
      named.push(NAMES[step] ?? step);
      inside = step;
    }
  }
  return named.join(", ");
}

const NUMBERED: Readonly<Record<string, string>> = {
  sections: "section",
  points: "list",
  timeline: "timeline",
  headings: "heading",
  rows: "row",
};
const NAMES: Readonly<Record<string, string>> = {
  call: "the call",
  share: "share",
  points: "list",
  title: "title",
  to: "whom it addresses",
  demand: "the demand",
  lead: "the explanation",
  asOf: "asOf",
  by: "by whom",
};
