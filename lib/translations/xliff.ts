import { DOMParser, type Element, type Node } from "@xmldom/xmldom";
import { marksOf } from "@/lib/document";
import type { Exchanged, ReadExchange, Unit } from "./exchange";
import { plainLines } from "./lines";
import type { PartState } from "./states";

const NAMESPACE = "urn:oasis:names:tc:xliff:document:1.2";
const STATES: Readonly<Record<PartState, string>> = {
  missing: "new",
  outdated: "needs-review-translation",
  draft: "translated",
  reviewed: "signed-off",
};
const SETTLED: ReadonlySet<string> = new Set(["translated", "signed-off", "final", "needs-review-l10n"]);

/** Writes a translation as XLIFF 1.2. Footnotes, links and directives are inline elements, which tools protect. */
export function toXliff({ slug, originalLocale, locale, parts }: Exchanged): string {
  const units = parts.map(({ key, label, original, translation, state }) => {
    const source = new Protected(original);
    const target = translation === null ? "" : new Protected(translation, source).markup;
    return [
      `<trans-unit id="${escaped(key)}" resname="${escaped(key)}" xml:space="preserve">`,
      `<source xml:lang="${originalLocale}">${source.markup}</source>`,
      `<target xml:lang="${locale}" state="${STATES[state]}">${target}</target>`,
      `<note from="developer">${escaped(label)}</note>`,
      "</trans-unit>",
    ].join("\n");
  });
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<xliff version="1.2" xmlns="${NAMESPACE}">`,
    `<file original="${escaped(slug)}" source-language="${originalLocale}" target-language="${locale}" datatype="plaintext">`,
    "<body>",
    ...units,
    "</body>\n</file>\n</xliff>\n",
  ].join("\n");
}

/** A text whose marks are inline elements. Those of a translation have the ids that they have in the original. */
class Protected {
  readonly markup: string;
  readonly ids: ReadonlyMap<string, readonly string[]>;

  constructor(text: string, original?: Protected) {
    const ids = new Map<string, string[]>();
    const elements = marksOf(text)
      .flatMap(({ name, pieces }, at) => {
        const used = ids.get(name) ?? [];
        const id =
          original === undefined ? `${at + 1}` : (original.ids.get(name)?.[used.length] ?? `t${at + 1}`);
        ids.set(name, [...used, id]);
        const type = name.startsWith("[^")
          ? "x-footnote"
          : name.startsWith(":")
            ? "x-directive"
            : name.startsWith("{")
              ? "x-placeholder"
              : "link";
        return pieces.map((piece, number) => ({
          ...piece,
          element: pieces.length === 1 ? "ph" : number === 0 ? "bpt" : "ept",
          attributes: pieces.length === 1 || number === 0 ? `id="${id}" ctype="${type}"` : `id="${id}"`,
        }));
      })
      .sort((one, other) => one.start - other.start);
    let markup = "";
    let at = 0;
    for (const { start, end, element, attributes } of elements) {
      markup += `${escaped(text.slice(at, start))}<${element} ${attributes}>${escaped(text.slice(start, end))}</${element}>`;
      at = end;
    }
    this.markup = markup + escaped(text.slice(at));
    this.ids = ids;
  }
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
};

/** Escapes a text for XML. What XML cannot hold, no document of a campaign may hold either. */
function escaped(text: string): string {
  return (
    text
      // biome-ignore lint/suspicious/noControlCharactersInRegex: those are taken out
      .replace(/[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]|\p{Surrogate}/gu, "")
      .replace(/[&<>"]/g, (sign) => ENTITIES[sign] ?? sign)
      // Programs take each of these for the end of a line.
      .replace(/[\r\u0085\u2028\u2029]/g, (sign) => `&#${sign.charCodeAt(0)};`)
  );
}

/** Reads XLIFF 1.2. A file that declares a document type or entities is refused. */
export function fromXliff(file: string): ReadExchange {
  if (/<!(?:DOCTYPE|ENTITY)/i.test(file))
    return {
      ok: false,
      why: "The file declares a document type, which is not read. Export it as plain XLIFF 1.2.",
    };
  const root = parsed(file.replace(/^\uFEFF/, ""));
  if (root?.localName !== "xliff")
    return { ok: false, why: "This is no XLIFF file. Export it from your tool as XLIFF 1.2." };
  if (root.getAttribute("version") !== "1.2")
    return { ok: false, why: "The file is another version of XLIFF. Export it from your tool as XLIFF 1.2." };
  const [first] = root.getElementsByTagNameNS("*", "file");
  const units = [...root.getElementsByTagNameNS("*", "trans-unit")].flatMap((unit): Unit[] => {
    const source = childOf(unit, "source");
    const target = childOf(unit, "target");
    if (!source) return [];
    const codes = new Map(
      [...source.getElementsByTagNameNS("*", "*")].map((each) => [
        each.getAttribute("id"),
        each.textContent ?? "",
      ]),
    );
    return [
      {
        key: unit.getAttribute("resname") ?? unit.getAttribute("id") ?? "",
        original: plainLines(textOf(source, codes)),
        translation: target ? plainLines(textOf(target, codes)) : "",
        settled: target !== null && SETTLED.has(target.getAttribute("state") ?? ""),
      },
    ];
  });
  return { ok: true, locale: first?.getAttribute("target-language") ?? null, units };
}

function parsed(file: string): Element | null {
  try {
    const document = new DOMParser({
      normalizeLineEndings: plainLines,
      onError: (level, message) => {
        if (level !== "warning") throw new Error(message);
      },
    }).parseFromString(file, "text/xml");
    return document.documentElement;
  } catch {
    return null;
  }
}

function childOf(unit: Element, name: string): Element | null {
  return (
    ([...unit.childNodes] as Node[]).find((node): node is Element => (node as Element).localName === name) ??
    null
  );
}

/** The text of a node. An element without content, such as `<x id="1"/>`, stands for what it is in the source. */
function textOf(node: Node, codes: ReadonlyMap<string | null, string>): string {
  if (node.nodeType === 3 || node.nodeType === 4) return node.nodeValue ?? "";
  const element = node as Element;
  if (element.localName === "x" || (element.localName === "ph" && !element.firstChild))
    return codes.get(element.getAttribute("id")) ?? "";
  return [...node.childNodes].map((child) => textOf(child, codes)).join("");
}
