import type { Metadata } from "next";
import { campaignPage, notThere } from "@/app/admin/_desk/desk-page";
import { queryOf } from "@/app/admin/_desk/query";
import type { ShownFile } from "@/components/admin/versions/ComparedFile";
import { VersionFiles } from "@/components/admin/versions/VersionFiles";
import type { CampaignFiles } from "@/lib/document";
import { differenceOf, filesOf, type Version, versionsOf } from "@/lib/editing";
import { DEFAULT_LOCALE, isLocale } from "@/lib/i18n/locales";

export const metadata: Metadata = { title: "Text of a version" };

/** The draft, or a published version by its number. */
type Which = "draft" | number;

const NUMBER_MAX_DIGITS = 9;

/** The text of one version, and how it differs from that of another. */
export default campaignPage(
  "version.compare",
  async ({ slug }, { params, searchParams }: PageProps<"/admin/[campaign]/versions/[number]">) => {
    const [{ number }, query] = await Promise.all([params, queryOf(searchParams)]);
    const which = whichIn(number);
    const versions = await versionsOf(slug);
    const files = which === null ? null : await filesOf(slug, which);
    if (which === null || files === null) return notThere();
    const others = versions.map(whichOf).filter((other) => other !== which);
    const wanted = query.get("with");
    const other = wanted === null ? earlierThan(which, versions) : whichIn(wanted);
    const before = other === null || other === which ? null : await filesOf(slug, other);
    return (
      <VersionFiles
        slug={slug}
        name={nameOf(which)}
        address={`/admin/${slug}/versions/${which}`}
        files={shownFiles(files, before)}
        comparedWith={before === null ? "" : String(other)}
        others={others.map((each) => ({ value: String(each), label: nameOf(each) }))}
      />
    );
  },
);

function whichIn(text: string): Which | null {
  if (text === "draft") return "draft";
  return /^[1-9]\d*$/.test(text) && text.length <= NUMBER_MAX_DIGITS ? Number(text) : null;
}

function whichOf({ number }: Version): Which {
  return number ?? "draft";
}

function nameOf(which: Which): string {
  return which === "draft" ? "The draft" : `Version ${which}`;
}

/** The published version, for a draft; else the one before. Null for the first. */
function earlierThan(which: Which, versions: readonly Version[]): number | null {
  const numbers = versions.flatMap(({ number }) => (number === null ? [] : [number]));
  return numbers.find((number) => which === "draft" || number < which) ?? null;
}

function shownFiles(files: CampaignFiles, before: CampaignFiles | null): ShownFile[] {
  const paths = new Set([...files.keys(), ...(before?.keys() ?? [])]);
  return [...paths].sort(byKind).map((path) => {
    const name = path.replace(/\.md$/, "");
    const locale = path.endsWith(".md") && isLocale(name) ? name : null;
    const [was, text] = [before?.get(path) ?? "", files.get(path) ?? ""];
    const isSame = before === null || was === text;
    return { path, locale, text, pieces: isSame ? null : differenceOf(was, text, locale ?? DEFAULT_LOCALE) };
  });
}

/** Documents come first: they are what people read. */
function byKind(one: string, other: string): number {
  return Number(other.endsWith(".md")) - Number(one.endsWith(".md")) || one.localeCompare(other, "en");
}
