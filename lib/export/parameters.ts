import { z } from "zod";
import { isStorable } from "@/lib/db/time";
import { COUNTRY_CODES } from "@/lib/i18n/countries";
import { LOCALES } from "@/lib/i18n/locales";
import { EXPORT_COLUMNS, type ExportColumn } from "./columns";

export const EXPORT_FORMATS = ["csv", "xlsx", "ndjson"] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

export const EXPORT_STATUSES = ["confirmed", "pending", "all"] as const;

/** Length limits of a reason, in characters. */
export const REASON_MIN_CHARACTERS = 5;
export const REASON_MAX_CHARACTERS = 200;

/** Longest name of saved choices, in characters. */
export const SETTINGS_NAME_MAX_CHARACTERS = 60;

const DAY = /^\d{4}-\d{2}-\d{2}$/;
const TIME_RULE = "must be a day such as 2026-11-24 or a time such as 2026-11-24T09:30:00Z";

const time = z
  .string()
  .refine(
    (text) => (DAY.test(text) ? z.iso.date() : z.iso.datetime({ offset: true })).safeParse(text).success,
    {
      error: TIME_RULE,
      abort: true,
    },
  )
  .transform((text) => new Date(text))
  .refine(isStorable, TIME_RULE);

const columns = z.string().transform((list, context): ExportColumn[] => {
  const chosen = z.array(z.enum(EXPORT_COLUMNS)).min(1).safeParse(list.split(","));
  if (chosen.success && new Set(chosen.data).size === chosen.data.length) return chosen.data;
  context.addIssue({
    code: "custom",
    message: `must name each column at most once, out of ${EXPORT_COLUMNS.join(",")}`,
    input: list,
  });
  return z.NEVER;
});

/** Free text by an exporter. It stays in the audit log for good, where nobody's address belongs. */
const remark = (minCharacters: number, maxCharacters: number) =>
  z
    .string()
    .trim()
    .min(minCharacters, `must have at least ${minCharacters} characters`)
    .max(maxCharacters, `must have at most ${maxCharacters} characters`)
    .refine((text) => !text.includes("@"), "must not contain an address")
    .refine((text) => !text.includes("\0"), "must not contain a NUL");

/** Why something is exported. */
const exportReason = remark(REASON_MIN_CHARACTERS, REASON_MAX_CHARACTERS);
/** Name of saved choices. */
export const settingsName = remark(1, SETTINGS_NAME_MAX_CHARACTERS);

const schema = z
  .strictObject({
    format: z.enum(EXPORT_FORMATS, `must be one of ${EXPORT_FORMATS.join(", ")}`).default("csv"),
    status: z.enum(EXPORT_STATUSES, `must be one of ${EXPORT_STATUSES.join(", ")}`).default("confirmed"),
    from: time.optional(),
    to: time.optional(),
    country: z.enum(COUNTRY_CODES, "must be a country code such as AF (ISO 3166-1 alpha-2)").optional(),
    updates: z.literal("yes", "must be yes or left out").optional(),
    columns: columns.optional(),
    countryNames: z.enum(LOCALES, `must be one of ${LOCALES.join(", ")}`).optional(),
    reason: exportReason.optional(),
  })
  .refine(({ from, to }) => !from || !to || from < to, {
    path: ["to"],
    message: "must be later than from",
  });

const PARAMETERS = Object.keys(schema.shape);
/** Prefix of a column's name in a form: each column is a field of its own. */
export const COLUMN_FIELD = "column.";

/**
 * Returns the parameters of an export from the desk's form. Checks nothing; drops
 * fields that are no parameter.
 */
export function queryOfForm(fields: Record<string, string>): URLSearchParams {
  const query = new URLSearchParams();
  for (const name of PARAMETERS) if (fields[name]) query.set(name, fields[name]);
  const chosen = Object.keys(fields)
    .filter((name) => name.startsWith(COLUMN_FIELD) && fields[name])
    .map((name) => name.slice(COLUMN_FIELD.length))
    .join();
  // An empty choice must differ from no choice.
  if (chosen !== EXPORT_COLUMNS.join()) query.set("columns", chosen || "none");
  return query;
}

/** Which signatories: those who signed at `from` or later and before `to`. */
export type ExportFilter = {
  status: (typeof EXPORT_STATUSES)[number];
  from: Date | null;
  to: Date | null;
  country: string | null;
  wantsUpdates: boolean;
};

export type ExportParameters = {
  format: ExportFormat;
  filter: ExportFilter;
  columns: readonly ExportColumn[];
  /** Language of the country names; null leaves their codes. */
  countryNames: (typeof LOCALES)[number] | null;
  reason: string | null;
};

/** Result of reading a query. A mistake names its parameter; the message is to follow that name. */
export type Checked<Parameters> =
  | { ok: true; parameters: Parameters }
  | { ok: false; parameter: string; message: string };

export type CheckedParameters = Checked<ExportParameters>;

/**
 * Reads the query of an export. Empty parameters, as forms send them, count as absent;
 * unknown ones are refused.
 */
export function checkExportParameters(query: URLSearchParams): CheckedParameters {
  const checked = checkQuery(query, schema);
  if (!checked.ok) return checked;
  const {
    format,
    status,
    from,
    to,
    country,
    updates,
    columns: chosen,
    countryNames,
    reason,
  } = checked.parameters;
  return {
    ok: true,
    parameters: {
      format,
      filter: {
        status,
        from: from ?? null,
        to: to ?? null,
        country: country ?? null,
        wantsUpdates: updates === "yes",
      },
      columns: chosen ?? EXPORT_COLUMNS,
      countryNames: countryNames ?? null,
      reason: reason ?? null,
    },
  };
}

const packetSchema = z.strictObject({
  names: z.literal("yes", "must be yes or left out").optional(),
  reason: exportReason.optional(),
});

/** Reads the query of a hand-over packet, by the same rules. */
export function checkPacketParameters(query: URLSearchParams): Checked<z.output<typeof packetSchema>> {
  return checkQuery(query, packetSchema);
}

function checkQuery<Schema extends z.ZodType>(
  query: URLSearchParams,
  parameters: Schema,
): Checked<z.output<Schema>> {
  const given: Record<string, string> = {};
  for (const [name, value] of query) {
    if (name in given) return { ok: false, parameter: name, message: "must be given once" };
    if (value !== "") given[name] = value;
  }
  const parsed = parameters.safeParse(given);
  if (parsed.success) return { ok: true, parameters: parsed.data };
  const [issue] = parsed.error.issues;
  if (issue?.code === "unrecognized_keys")
    return { ok: false, parameter: issue.keys[0] ?? "", message: "is not known" };
  return { ok: false, parameter: String(issue?.path[0] ?? ""), message: issue?.message ?? "is wrong" };
}
