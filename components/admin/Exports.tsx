import Link from "next/link";
import { ExportForm, type FileToFetch, PacketForm } from "@/components/admin/ExportForms";
import { ExportRuns } from "@/components/admin/ExportRuns";
import type { FormAction } from "@/components/admin/form-state";
import { Submit } from "@/components/admin/kit/fields";
import { RowForm, RowForms } from "@/components/admin/kit/RowForms";
import { TimesShown } from "@/components/admin/TimesShown";
import {
  COLUMN_FIELD,
  EXPORT_COLUMNS,
  EXPORT_FORMATS,
  type ExportRun,
  REASON_MAX_CHARACTERS,
  REASON_MIN_CHARACTERS,
  SETTINGS_NAME_MAX_CHARACTERS,
} from "@/lib/export";
import { LOCALES, nativeNameOf } from "@/lib/i18n/locales";

type Saved = { id: string; name: string; query: string; savedBy: string };

type ExportsProps = {
  slug: string;
  countries: readonly { code: string; name: string }[];
  /** The choices so far, as in the file's address. */
  query: URLSearchParams;
  saved: readonly Saved[];
  runs: readonly ExportRun[];
  actions: { exportOrSave: FormAction<FileToFetch>; delete: FormAction; packet: FormAction<FileToFetch> };
};

const COLUMN_NAMES: Record<(typeof EXPORT_COLUMNS)[number], string> = {
  id: "number",
  name: "name",
  email: "address",
  country: "country",
  locale: "language",
  status: "status",
  updates: "wants updates",
  publicName: "name may be shown",
  consentVersion: "consent text",
  signedAt: "signed",
  confirmedAt: "confirmed",
  ref: "share code",
  textVersion: "version of the text",
};
const REASON = { min: REASON_MIN_CHARACTERS, max: REASON_MAX_CHARACTERS };

/** Asks what to export and why, and lists whether the last exports are complete. */
export function Exports({ slug, countries, query, saved, runs, actions }: ExportsProps) {
  const page = `/admin/${slug}/exports`;
  const chosen = Object.fromEntries(query);
  return (
    <>
      <h1>Exports</h1>
      <p>
        Before you hand the petition over,{" "}
        <Link href={`/admin/${slug}/review`} prefetch={false}>
          look through the likely fakes
        </Link>
        .
      </p>
      <ExportForm
        action={actions.exportOrSave}
        chosen={chosen}
        options={{
          format: EXPORT_FORMATS.map((value) => ({ value, label: value.toUpperCase() })),
          country: [
            { value: "", label: "any" },
            ...countries.map(({ code, name }) => ({ value: code, label: name })),
          ],
          countryNames: [
            { value: "", label: "codes" },
            ...LOCALES.map((locale) => ({ value: locale, label: nativeNameOf(locale) })),
          ],
        }}
        columns={columnsOf(chosen.columns ?? "")}
        reason={REASON}
        nameMax={SETTINGS_NAME_MAX_CHARACTERS}
      />
      <RowForms name="delete" action={actions.delete}>
        {saved.length === 0 ? null : <SavedChoices saved={saved} page={page} />}
      </RowForms>
      <h2>For handing the petition over</h2>
      <p>
        A PDF to print, with a cover, the call in four languages, and the confirmed signatures by day and by
        country, as far as the public may know them.
      </p>
      <PacketForm action={actions.packet} chosen={chosen} reason={REASON} />
      <h2>Last exports</h2>
      <p>
        A file is complete if this list says “finished” and the file has as many rows. To be certain, compare
        its SHA-256.{" "}
        <Link href={page} prefetch={false}>
          Look again
        </Link>
      </p>
      <TimesShown />
      <ExportRuns runs={runs} address={`/api/admin/petitions/${slug}/exports`} />
    </>
  );
}

function SavedChoices({ saved, page }: { saved: readonly Saved[]; page: string }) {
  return (
    <>
      <h2>Saved choices</h2>
      <ul id="saved">
        {saved.map(({ id, name, query, savedBy }) => (
          <li key={id}>
            <Link href={`${page}?${query}`} prefetch={false}>
              <bdi>{name}</bdi>
            </Link>{" "}
            <small>{savedBy}</small>{" "}
            <RowForm hidden={{ id }} className="inline">
              <Submit className="quiet" aria-label={`Delete ${name}`}>
                Delete
              </Submit>
            </RowForm>
          </li>
        ))}
      </ul>
    </>
  );
}

/** Returns every column as a field of the form, the chosen ones first and in their order. */
function columnsOf(list: string): { name: string; label: string; chosen: boolean }[] {
  const named: readonly string[] = list === "" ? EXPORT_COLUMNS : list.split(",");
  const isChosen = (column: string) => named.includes(column);
  const place = (column: string) => named.indexOf(column);
  const chosen = EXPORT_COLUMNS.filter(isChosen).sort((one, other) => place(one) - place(other));
  const others = EXPORT_COLUMNS.filter((column) => !isChosen(column));
  return [...chosen, ...others].map((column) => ({
    name: `${COLUMN_FIELD}${column}`,
    label: COLUMN_NAMES[column],
    chosen: isChosen(column),
  }));
}
