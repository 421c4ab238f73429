import { type Document, isMap, isSeq, parseDocument, type YAMLSeq } from "yaml";
import { z } from "zod";
import { isLocale, LOCALES, type Locale } from "@/lib/i18n/locales";
import { writtenLike } from "./yaml-text";

/** The settings that a form changes, as its fields show them. */
export type SettingsFields = Readonly<Record<string, string>>;

const strings = z.array(z.string()).catch([]);
const word = z
  .union([z.string(), z.number()])
  .nullable()
  .transform((value) => (value === null ? "" : String(value)));
const read = z.object({
  goal: word.catch(""),
  languages: strings,
  unfinished: strings,
  targets: z
    .array(
      z.object({ key: word.catch(""), name: word.catch(""), role: word.catch(""), country: word.catch("") }),
    )
    .catch([]),
  colours: z.object({ main: word.catch(""), accent: word.catch("") }).catch({ main: "", accent: "" }),
});

export const TARGET_FIELDS = ["key", "name", "role", "country"] as const;

/** What a language of the site is to a campaign. */
export const LANGUAGE_STATES = { no: "not in it", unfinished: "being translated", yes: "finished" } as const;

/** What the form's fields hold, and how many targets there are. */
export type SettingsForm = { fields: SettingsFields; targets: number; original: Locale | null };

/**
 * Reads the settings as a form shows them, as far as they can be read.
 * @returns null if the file is no YAML with settings.
 */
export function settingsForm(file: string): SettingsForm | null {
  const document = parse(file);
  if (!document) return null;
  const settings = read.parse(document.toJS({ maxAliasCount: 0 }));
  const { goal, languages, unfinished, targets, colours } = settings;
  const [original] = languages;
  return {
    original: original !== undefined && isLocale(original) ? original : null,
    targets: targets.length,
    fields: {
      goal,
      ...Object.fromEntries(
        LOCALES.map((locale) => [
          languageField(locale),
          !languages.includes(locale) ? "no" : unfinished.includes(locale) ? "unfinished" : "yes",
        ]),
      ),
      ...Object.fromEntries(
        targets.flatMap((target, at) => TARGET_FIELDS.map((name) => [targetField(at, name), target[name]])),
      ),
      "colour.main": colours.main,
      "colour.accent": colours.accent,
    },
  };
}

export function languageField(locale: Locale): string {
  return `language.${locale}`;
}

export function targetField(at: number, name: (typeof TARGET_FIELDS)[number]): string {
  return `target.${at}.${name}`;
}

/**
 * Writes changed fields into the file. Everything else stays as it is written, comments included. A target
 * whose fields are all empty is removed.
 * @returns null if the file cannot be read.
 */
export function withSettings(file: string, changes: SettingsFields): string | null {
  const document = parse(file);
  if (!document) return null;
  const { goal } = changes;
  if (goal !== undefined) document.set("goal", /^\d+$/.test(goal) ? Number(goal) : goal);
  writeLanguages(document, changes);
  writeTargets(document, changes);
  writeColours(document, changes);
  return writtenLike(file, document);
}

function writeLanguages(document: Document, changes: SettingsFields): void {
  for (const locale of LOCALES) {
    const state = changes[languageField(locale)];
    if (state === undefined) continue;
    setListed(document, "languages", locale, state !== "no");
    setListed(document, "unfinished", locale, state === "unfinished");
  }
}

/** Adds a language to a list or takes it out. */
function setListed(document: Document, name: string, locale: Locale, listed: boolean): void {
  const list = document.get(name);
  const languages = isSeq(list) ? list : null;
  const known = languages ? (languages.toJS(document) as unknown[]).indexOf(locale) : -1;
  if (listed && known === -1) {
    if (languages) languages.add(document.createNode(locale));
    else document.set(name, flow(document, [locale]));
  }
  if (!listed && languages && known !== -1) {
    languages.delete(known);
    if (languages.items.length === 0 && name === "unfinished") document.delete(name);
  }
}

function writeTargets(document: Document, changes: SettingsFields): void {
  const changed = [
    ...new Set(Object.keys(changes).flatMap((name) => /^target\.(\d+)\./.exec(name)?.[1] ?? [])),
  ]
    .map(Number)
    // From the last, so that a removed one moves none that is still to be changed.
    .sort((one, other) => other - one);
  const added: Record<string, string>[] = [];
  for (const at of changed) {
    const list = document.get("targets");
    const target = isSeq(list) ? list.items[at] : undefined;
    const typed = (name: (typeof TARGET_FIELDS)[number]) => changes[targetField(at, name)];
    if (!isMap(target)) {
      const fields = TARGET_FIELDS.flatMap((name) =>
        typed(name) ? [[name, typed(name) ?? ""] as const] : [],
      );
      if (fields.length > 0) added.unshift(Object.fromEntries(fields));
      continue;
    }
    for (const name of TARGET_FIELDS) {
      const value = typed(name);
      if (value === undefined) continue;
      if (value === "") target.delete(name);
      else target.set(name, value);
    }
    if (target.items.length === 0) (list as YAMLSeq).delete(at);
  }
  for (const target of added) {
    const list = document.get("targets");
    if (isSeq(list)) list.add(document.createNode(target));
    else document.set("targets", document.createNode([target]));
  }
  const left = document.get("targets");
  if (isSeq(left) && left.items.length === 0) document.delete("targets");
}

function writeColours(document: Document, changes: SettingsFields): void {
  const { "colour.main": main, "colour.accent": accent } = changes;
  if (main === undefined && accent === undefined) return;
  const before = settingsForm(document.toString())?.fields;
  const now = {
    main: main ?? before?.["colour.main"] ?? "",
    accent: accent ?? before?.["colour.accent"] ?? "",
  };
  if (now.main === "" && now.accent === "") {
    document.delete("colours");
    return;
  }
  if (isMap(document.get("colours"))) {
    if (main !== undefined) document.setIn(["colours", "main"], main);
    if (accent !== undefined) document.setIn(["colours", "accent"], accent);
  } else document.set("colours", flow(document, now));
}

function flow(document: Document, value: unknown) {
  const node = document.createNode(value);
  if (isSeq(node) || isMap(node)) node.flow = true;
  return node;
}

function parse(file: string): Document | null {
  const document = parseDocument(file, { logLevel: "silent" });
  return document.errors.length === 0 && isMap(document.contents) ? document : null;
}
