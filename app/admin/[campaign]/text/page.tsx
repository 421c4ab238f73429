import type { Metadata } from "next";
import { previewPage, ROUND_TRIP_BYTES, weightOf } from "@/app/(public)/_pages/preview";
import { campaignPage, notThere } from "@/app/admin/_desk/desk-page";
import { queryOf } from "@/app/admin/_desk/query";
import { checked, WRITTEN_FILES } from "@/app/admin/_desk/save-text";
import { languageOf, type WorkingFiles, workingFiles } from "@/app/admin/_desk/working-files";
import { examplesOf } from "@/components/admin/writing/examples";
import { PartsForm } from "@/components/admin/writing/PartsForm";
import { Preview } from "@/components/admin/writing/Preview";
import { SettingsForm } from "@/components/admin/writing/SettingsForm";
import { Sources } from "@/components/admin/writing/Sources";
import { TextForm } from "@/components/admin/writing/TextForm";
import { Marks, Weight, Writing } from "@/components/admin/writing/Writing";
import { SETTINGS_FILE, SOURCES_FILE } from "@/lib/document";
import { directionOf, LOCALES, type Locale, nativeNameOf } from "@/lib/i18n/locales";
import { type ListedSource, listSources, nextKey, partFields, settingsForm, usesOf } from "@/lib/writing";
import { addSource, changeSource, removeSource, save, saveSettings } from "./actions";

export const metadata: Metadata = { title: "Text" };

const NAMES: Readonly<Record<string, string>> = {
  [SETTINGS_FILE]: "Campaign settings",
  [SOURCES_FILE]: "Sources",
};
const NOTICES: Partial<Record<WorkingFiles["state"], string>> = {
  in_review: "This draft waits for its review. Saving takes it back to be written on.",
  scheduled: "This draft is scheduled. Saving takes it back to be written on, and it is not published then.",
};

export default campaignPage(
  "text.view",
  async ({ slug }, { searchParams }: PageProps<"/admin/[campaign]/text">) => {
    const working = await workingFiles(slug);
    if (!working) return notThere();
    const query = await queryOf(searchParams);
    const paths = WRITTEN_FILES.filter((path) => working.files.has(path) || languageOf(path) === null);
    const wanted = query.get("file") ?? "";
    const open = paths.includes(wanted) ? wanted : `${working.original}.md`;
    const view = query.get("as") === "text" ? "text" : "parts";
    const base = `/admin/${slug}/text`;
    return (
      <Writing
        base={base}
        files={paths.map((path) => listed(working, path))}
        open={open}
        view={view}
        views={
          languageOf(open) === null
            ? { parts: "As a form", text: "As text" }
            : { parts: "In parts", text: "As text" }
        }
        notice={NOTICES[working.state] ?? null}
      >
        <OpenFile
          key={`${open} ${view}`}
          slug={slug}
          working={working}
          path={open}
          view={view}
          line={lineIn(query)}
        />
      </Writing>
    );
  },
);

function listed(working: WorkingFiles, path: string) {
  const locale = languageOf(path);
  const problems = checked(working, path, { measured: false }).problems.length;
  return locale === null
    ? { path, name: NAMES[path] ?? path, problems }
    : { path, name: nativeNameOf(locale), lang: locale, problems };
}

/** The line that a link leads to; null if it leads to none. */
function lineIn(query: URLSearchParams): number | null {
  const line = query.get("line") ?? "";
  return /^[1-9]\d{0,6}$/.test(line) ? Number(line) : null;
}

type OpenProps = {
  slug: string;
  working: WorkingFiles;
  path: string;
  view: "parts" | "text";
  line: number | null;
};

async function OpenFile({ slug, working, path, view, line }: OpenProps) {
  const locale = languageOf(path);
  const text = working.files.get(path) ?? "";
  const sources = listSources(working.files.get(SOURCES_FILE) ?? "", working.original) ?? [];
  const marks = marksOf(sources, locale ?? working.original);
  const base = `/admin/${slug}/text`;
  const file = {
    path,
    label: locale === null ? (NAMES[path] ?? path) : `The text in ${nativeNameOf(locale)}`,
    text,
    revision: working.revision,
    lang: locale ?? "en",
    dir: locale === null ? ("ltr" as const) : directionOf(locale),
  };
  const common = {
    file,
    checked: checked(working, path),
    save,
    address: `${base}?file=${path}`,
    draftAddress: `/api/admin/petitions/${slug}/draft`,
  };
  const parts = view === "parts" && locale !== null ? partFields(text) : [];
  const form = view === "parts" ? formOf({ slug, working, path, text, sources }) : null;
  return (
    <>
      {form ??
        (parts.length > 0 ? (
          <PartsForm {...common} fields={parts} />
        ) : (
          <>
            {view === "parts" ? (
              <p className="alert">This file cannot be taken apart before its problems are put right.</p>
            ) : null}
            <TextForm
              {...common}
              isDocument={locale !== null}
              line={line}
              sources={locale === null ? [] : marks}
              examples={locale === null ? [] : examplesFor(working, marks)}
            />
          </>
        ))}
      {locale === null ? null : (
        <>
          <Marks sources={marks} address={`${base}?file=${SOURCES_FILE}`} />
          <Weight weight={await weightFor(slug, locale, working)} limit={ROUND_TRIP_BYTES} />
          <Preview address={`/admin/${slug}/preview/${locale}`} language={nativeNameOf(locale)} />
        </>
      )}
    </>
  );
}

type FormProps = {
  slug: string;
  working: WorkingFiles;
  path: string;
  text: string;
  sources: readonly ListedSource[];
};

/** The form of a file that is no document; null if it has none, or cannot be read. */
function formOf({ slug, working, path, text, sources }: FormProps) {
  const settings = settingsForm(working.files.get(SETTINGS_FILE) ?? "");
  if (path === SETTINGS_FILE) return settings && <SettingsForm settings={settings} save={saveSettings} />;
  if (path !== SOURCES_FILE || listSources(text, working.original) === null) return null;
  return (
    <Sources
      slug={slug}
      sources={sources.map((source) => ({ ...source, uses: usesOf(working.files, source.key) }))}
      languages={LOCALES.filter((locale) => working.files.has(`${locale}.md`))}
      proposed={nextKey(sources.map(({ key }) => key))}
      actions={{ add: addSource, change: changeSource, remove: removeSource }}
    />
  );
}

function marksOf(sources: readonly ListedSource[], locale: Locale) {
  return sources.map(({ key, publisher, titles }) => ({
    mark: `[^${key}]`,
    label: `${key}: ${publisher}, ${titles[locale] ?? Object.values(titles)[0] ?? ""}`,
  }));
}

function examplesFor({ pictures, files }: WorkingFiles, [first]: readonly { mark: string }[]) {
  const documents = [...files.values()].join("\n");
  let number = 1;
  while (documents.includes(`data="figure-${number}"`)) number += 1;
  return examplesOf({
    mark: first?.mark ?? "[^K1]",
    picture: pictures[0] ?? null,
    data: `figure-${number}`,
  });
}

async function weightFor(slug: string, locale: Locale, { read }: WorkingFiles) {
  const page = read.ok ? await previewPage(slug, locale, read.content) : null;
  return page === null ? null : weightOf(page);
}
