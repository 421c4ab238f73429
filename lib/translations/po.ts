import { po } from "gettext-parser";
import type { Exchanged, ReadExchange } from "./exchange";
import { plainLines } from "./lines";

/** Writes a translation as a PO file of GNU gettext: the part's key is the context, `fuzzy` an outdated part. */
export function toPo({ slug, originalLocale, locale, parts }: Exchanged): string {
  const translations: Parameters<typeof po.compile>[0]["translations"] = {};
  for (const { key, label, original, translation, state } of parts)
    translations[key] = {
      [original]: {
        msgctxt: key,
        msgid: original,
        msgstr: [translation ?? ""],
        comments: { extracted: label, ...(state === "outdated" ? { flag: "fuzzy" } : {}) },
      },
    };
  const headers = {
    "Project-Id-Version": slug,
    Language: locale.replace("-", "_"),
    "X-Source-Language": originalLocale,
    "MIME-Version": "1.0",
    "Content-Type": "text/plain; charset=utf-8",
    "Content-Transfer-Encoding": "8bit",
  };
  return new TextDecoder().decode(po.compile({ charset: "utf-8", headers, translations }, { foldLength: 0 }));
}

/** Reads a PO file. */
export function fromPo(file: string): ReadExchange {
  try {
    const { headers, translations } = po.parse(file);
    const units = Object.entries(translations).flatMap(([context, each]) =>
      Object.values(each).flatMap(({ msgid, msgstr, comments }) =>
        context === "" || msgid === ""
          ? []
          : [
              {
                key: context,
                original: plainLines(msgid),
                translation: plainLines(msgstr[0] ?? ""),
                settled: !/\bfuzzy\b/.test(comments?.flag ?? ""),
              },
            ],
      ),
    );
    const language = Object.entries(headers).find(([name]) => name.toLowerCase() === "language")?.[1];
    return { ok: true, locale: language?.replace("_", "-") ?? null, units };
  } catch {
    return { ok: false, why: "This is no PO file. Export it from your tool as PO with UTF-8." };
  }
}
