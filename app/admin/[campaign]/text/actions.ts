"use server";

import { z } from "zod";
import { campaignAction } from "@/app/admin/_desk/desk-action";
import { conflict, done, editIn, failed, invalid, type Outcome } from "@/app/admin/_desk/outcome";
import { saveText, type TextChange } from "@/app/admin/_desk/save-text";
import { languageOf, type WorkingFiles, workingFiles } from "@/app/admin/_desk/working-files";
import type { Conflict } from "@/components/admin/writing/conflict";
import { settingsLabel } from "@/components/admin/writing/settings-labels";
import type { Actor } from "@/lib/audit";
import { SETTINGS_FILE, SOURCES_FILE } from "@/lib/document";
import { saveFiles } from "@/lib/editing";
import { isLocale, LOCALES, type Locale, nativeNameOf } from "@/lib/i18n/locales";
import { mergeEdit } from "@/lib/merge-edits";
import {
  languageField,
  listSources,
  NO_SOURCE,
  readSourceFields,
  settingsForm,
  skeletonOf,
  sourceFields,
  sourceLabel,
  usesOf,
  withChangedSource,
  withoutSource,
  withSettings,
  withSource,
} from "@/lib/writing";

const GONE = {
  title: "This file is no longer there",
  message: "Copy what you typed, go to the overview and open the text again.",
};
const UNREADABLE = {
  title: "The file cannot be read",
  message: "Open it as text, put the problems right that are listed there, and try again.",
};
const RACED = {
  title: "Somebody else has changed the same lines",
  message: "Nothing was saved. Send the form again.",
};

/** Saves a file, as a whole or part by part. */
export const save = campaignAction(
  "text.save",
  z.object({ file: z.string() }).catchall(z.string()),
  async ({ actor, slug, form }): Promise<Outcome<Conflict>> => {
    const { file, text, then } = form;
    const was = form["was.text"] ?? "";
    const change: TextChange =
      text === undefined ? { path: file, was, parts: form } : { path: file, was, now: text };
    const saved = await saveText(actor, slug, change);
    switch (saved.kind) {
      case "conflict":
        return { kind: "found", result: saved.conflict };
      case "refused":
        return { kind: "invalid", mistakes: saved.mistakes };
      case "gone":
        return { kind: "failed", ...GONE };
      case "saved": {
        const locale = languageOf(file);
        if (then === "preview" && locale !== null)
          return { kind: "redirect", to: `/admin/${slug}/preview/${locale}` };
        return { kind: "done", message: savedWords(saved.checked.problems.length) };
      }
    }
  },
);

function savedWords(problems: number): string {
  if (problems === 0) return "The draft is saved. Nothing is published yet.";
  return `The draft is saved. ${problems === 1 ? "1 problem is" : `${problems} problems are`} left in this file, listed below.`;
}

/** Changes campaign.yaml by a form. A language that comes in gets a document, and one that goes loses it. */
export const saveSettings = campaignAction(
  "settings.save",
  z.record(z.string(), z.string()),
  async ({ actor, slug, form }) => {
    const working = await workingFiles(slug);
    const file = working?.files.get(SETTINGS_FILE);
    const shown = file === undefined ? null : settingsForm(file);
    if (!working || file === undefined || !shown) return failed(UNREADABLE.title, UNREADABLE.message);
    const fields = Object.keys(form).filter((name) => /^(?:goal$|language\.|target\.|colour\.)/.test(name));
    const merged = mergeEdit(trimmed(editIn(form, fields)), shown.fields);
    const label = (field: string) =>
      settingsLabel(field, (language) => (isLocale(language) ? nativeNameOf(language) : language));
    if (!merged.ok)
      return conflict(merged.theirs, Object.fromEntries(fields.map((field) => [field, label(field)])));
    const { goal } = merged.changes;
    if (goal !== undefined && !/^[1-9]\d{0,8}$/.test(goal))
      return invalid("goal", `${label("goal")}: write a whole number, without commas or dots.`);
    for (const name of ["colour.main", "colour.accent"])
      if (!/^(?:#[0-9a-fA-F]{6})?$/.test(merged.changes[name] ?? ""))
        return invalid(name, `${label(name)}: write a colour such as #8a1538, or leave it empty.`);
    const now = withSettings(file, merged.changes);
    if (now === null) return failed(UNREADABLE.title, UNREADABLE.message);
    const edits = new Map([[SETTINGS_FILE, { was: file, now }], ...documentEdits(working, merged.changes)]);
    const saved = await saveFiles(actor, slug, edits);
    if (saved.kind !== "saved") return failed(RACED.title, RACED.message);
    return done("The settings are saved in the draft. Nothing is published yet.");
  },
  {
    howMany: async ({ slug, form }) => {
      const working = await workingFiles(slug);
      const removed = LOCALES.filter(
        (locale) => form[languageField(locale)] === "no" && working?.files.has(`${locale}.md`),
      );
      return removed.length === 0 ? null : removed.length;
    },
  },
);

function documentEdits(
  { files, original }: WorkingFiles,
  changes: Readonly<Record<string, string>>,
): [string, { was: string; now: string }][] {
  return LOCALES.flatMap((locale): [string, { was: string; now: string }][] => {
    const state = changes[languageField(locale)];
    const path = `${locale}.md`;
    const was = files.get(path);
    if (state === "no" && was !== undefined) return [[path, { was, now: "" }]];
    if (state === undefined || state === "no" || was !== undefined) return [];
    return [[path, { was: "", now: skeletonOf(files.get(`${original}.md`) ?? "") }]];
  });
}

function trimmed({ was, now }: ReturnType<typeof editIn>) {
  return { was, now: Object.fromEntries(Object.entries(now).map(([name, value]) => [name, value.trim()])) };
}

const source = z.object({ key: z.string("Key: write one.") }).catchall(z.string());

/** Adds a source. */
export const addSource = campaignAction("source.add", source, async ({ actor, slug, form }) => {
  const working = await workingFiles(slug);
  const file = working?.files.get(SOURCES_FILE) ?? "";
  const listed = working && listSources(file, working.original);
  if (!working || !listed) return failed(UNREADABLE.title, UNREADABLE.message);
  const read = readSourceFields(form.key, form);
  if (!read.ok) return { kind: "invalid", mistakes: read.mistakes };
  const { key } = read.source;
  if (listed.some((each) => each.key.toLowerCase() === key.toLowerCase()))
    return invalid("key", `Key: ${key} is taken. Choose another one.`);
  return saveSources(
    actor,
    slug,
    file,
    withSource(file, read.source),
    `${key} is added. Refer to it by [^${key}].`,
  );
});

/** Changes a source. */
export const changeSource = campaignAction("source.change", source, async ({ actor, slug, form }) => {
  const working = await workingFiles(slug);
  const file = working?.files.get(SOURCES_FILE) ?? "";
  const before = working && listSources(file, working.original)?.find(({ key }) => key === form.key);
  if (!working || !before) return failed("There is no such source", "Somebody else may have removed it.");
  const fields = Object.keys(sourceFields(NO_SOURCE));
  const current = sourceFields(before);
  const merged = mergeEdit(trimmed(editIn(form, fields)), current);
  if (!merged.ok)
    return conflict(
      merged.theirs,
      Object.fromEntries(
        fields.map((field) => [field, sourceLabel(field, (locale: Locale) => nativeNameOf(locale))]),
      ),
    );
  const read = readSourceFields(form.key, { ...current, ...merged.changes });
  if (!read.ok) return { kind: "invalid", mistakes: read.mistakes };
  const now = withChangedSource(file, read.source, working.original);
  return saveSources(actor, slug, file, now, `${form.key} is changed.`);
});

/** Removes a source that no text refers to. */
export const removeSource = campaignAction("source.remove", source, async ({ actor, slug, form }) => {
  const working = await workingFiles(slug);
  const file = working?.files.get(SOURCES_FILE) ?? "";
  const uses = working ? usesOf(working.files, form.key) : [];
  if (uses.length > 0)
    return failed(
      `${form.key} is still used`,
      `Nothing was removed. First take its mark out of ${uses.map(({ file: path, line }) => `${path}, line ${line}`).join("; ")}.`,
    );
  const now = withoutSource(file, form.key);
  if (now === null) return failed("There is no such source", "Somebody else may have removed it already.");
  return saveSources(actor, slug, file, now, `${form.key} is removed.`);
});

async function saveSources(actor: Actor, slug: string, was: string, now: string | null, message: string) {
  if (now === null) return failed(UNREADABLE.title, UNREADABLE.message);
  const saved = await saveFiles(actor, slug, new Map([[SOURCES_FILE, { was, now }]]));
  if (saved.kind === "too-large")
    return failed(
      "The list of sources is full",
      "The file holds 200 KB. Remove sources that no text refers to.",
    );
  return saved.kind === "saved"
    ? done(`${message} The draft is saved. Nothing is published yet.`)
    : failed(RACED.title, RACED.message);
}
