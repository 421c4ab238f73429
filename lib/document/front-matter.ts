import { isMap, isScalar, type Scalar } from "yaml";
import type { DraftPart } from "./draft";
import type { Report } from "./faults";
import { parseYaml, type YamlText } from "./yaml-text";

/** Texts at the top of a document. Of those that are `whole`, a document lacks none. */
const FIELDS = {
  title: { whole: true, multiline: false },
  summary: { whole: true, multiline: true },
  share: { whole: true, multiline: true },
  asOf: { whole: false, multiline: true },
  aboutSources: { whole: false, multiline: true },
  outcome: { whole: false, multiline: true },
} as const;
const SHARE_FIELDS = ["text", "subject", "whatsapp", "telegram", "x", "bluesky", "sms", "email"];

/** Where the text of a document begins, and the texts above it. */
export type FrontMatter = { end: number; line: number; scalars: ReadonlyMap<string, FrontScalar> };

/** A text of the front matter. `lineOf` gives the line in the file of a line in `value`. */
export type FrontScalar = {
  value: string;
  line: number;
  lineOf: (line: number) => number;
  place: Omit<DraftPart, "key" | "value">;
};

/**
 * Reads what stands between the two lines `---` at the top of a document.
 * @returns null if it is wrong.
 */
export function readFrontMatter(text: string, report: Report): FrontMatter | null {
  const opening = /^\uFEFF?---[ \t]*\r?\n/.exec(text);
  if (!opening) {
    report(1, "a document begins with a line ---, its title and summary, and another line ---");
    return null;
  }
  const closing = /^---[ \t]*\r?$/m.exec(text.slice(opening[0].length));
  if (!closing) {
    report(1, "the part at the top does not end: write a line --- below it");
    return null;
  }
  const inner = opening[0].length + closing.index;
  const end = inner + closing[0].length;
  // The line --- at the top is YAML's own, so places in it are those in the file.
  const yaml = parseYaml(text.slice(0, inner), report);
  if (!yaml) return null;
  const line = text.slice(0, inner).split("\n").length;
  if (yaml.root === null || !isMap(yaml.root)) {
    report(1, "the part at the top names texts, each with a colon, such as title: Halt the expulsions");
    return null;
  }
  const scalars = new Map<string, FrontScalar>();
  let right = true;
  const refuse: Report = (at, message) => {
    right = false;
    report(at, message);
  };
  const read = (name: string, key: string, node: unknown, at: number) => {
    const scalar = isScalar(node) && typeof node.value === "string" ? node : null;
    if (!scalar)
      refuse(
        at,
        isScalar(node) && node.value === null
          ? `${name} is empty: write its text, or remove the line`
          : `${name} must be a text: put it in quotes, or write ${name}: | and the text indented below`,
      );
    else if (scalar.value === "" || String(scalar.value).trim() === "")
      refuse(at, `${name} is empty: write its text, or remove the line`);
    else scalars.set(key, frontScalar(text, scalar, yaml));
  };
  const lineOfKey = (key: unknown) => (isScalar(key) ? yaml.lineAt(key.range?.[0] ?? 0) : 1);
  for (const { key, value } of yaml.root.items) {
    const name = isScalar(key) ? String(key.value) : "";
    const at = lineOfKey(key);
    if (!Object.hasOwn(FIELDS, name))
      refuse(at, `${name || "this"} is not known here: use ${Object.keys(FIELDS).join(", ")}`);
    else if (name === "share" && isMap(value)) {
      for (const channel of value.items) {
        const channelName = isScalar(channel.key) ? String(channel.key.value) : "";
        const channelLine = lineOfKey(channel.key);
        if (SHARE_FIELDS.includes(channelName))
          read(`share, ${channelName},`, `share.${channelName}`, channel.value, channelLine);
        else refuse(channelLine, `${channelName} is not known in share: use ${SHARE_FIELDS.join(", ")}`);
      }
    } else read(name, name === "share" ? "share.text" : name, value, at);
  }
  return right ? { end, line, scalars } : null;
}

function frontScalar(text: string, scalar: Scalar, yaml: YamlText): FrontScalar {
  const value = String(scalar.value);
  const [from = 0, to = 0] = scalar.range ?? [];
  const line = yaml.lineAt(from);
  const whole: FrontScalar = {
    value,
    line,
    lineOf: () => line,
    place: {
      markdown: value.replace(/\r\n/g, "\n").trim(),
      start: from,
      end: to,
      line,
      slot: { kind: "scalar", plain: scalar.type === "PLAIN", indent: scalarIndent(text, from) },
    },
  };
  if (scalar.type !== "BLOCK_LITERAL") return whole;
  // Only what stands below `|` is replaced, so that a comment behind it stays.
  const content = text.slice(text.indexOf("\n", from) + 1, to).trimEnd();
  const start = to - text.slice(text.indexOf("\n", from) + 1, to).trimStart().length;
  const end = text.indexOf("\n", from) + 1 + content.length;
  const indent = start - (text.lastIndexOf("\n", start - 1) + 1);
  return {
    ...whole,
    lineOf: (each) => line + each,
    place: { ...whole.place, start, end, line: yaml.lineAt(start), slot: { kind: "block", indent } },
  };
}

/** How far the text of a block scalar is indented that takes the place of another scalar. */
function scalarIndent(text: string, at: number): number {
  const line = text.slice(text.lastIndexOf("\n", at - 1) + 1, at);
  return (/^ */.exec(line)?.[0].length ?? 0) + 2;
}
