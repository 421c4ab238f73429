import { createHash } from "node:crypto";
import path from "node:path";
import { buildSync } from "esbuild";
import { enhancementWords } from "@/components/form/enhancement-words";
import { LOCALES, type Locale } from "@/lib/i18n/locales";
import { messagesFor } from "@/lib/i18n/messages";
import { perProcess } from "@/lib/per-process";

/** The enhancement in one language: where it lies, what it hashes to (Subresource Integrity), and the code itself. */
export type Enhancement = { path: string; integrity: string; code: string };

/** What browsers since 2020 understand; older ones read the page without it. */
const OLDEST_LANGUAGE = "es2020";

const enhancements = perProcess("http/enhancement", () => new Map<Locale, Enhancement>());

/** The enhancement of a language, compiled at the first call. Its address changes with its content. */
export function enhancementFor(locale: Locale): Enhancement {
  const known = enhancements.get(locale);
  if (known) return known;
  const made = compile("components/form/enhancement.ts", locale, {
    WORDS: JSON.stringify(enhancementWords(messagesFor(locale))),
  });
  enhancements.set(locale, made);
  return made;
}

/** What keeps the desk's figures fresh, compiled at the first call. */
export function deskRefresh(): Enhancement {
  return perProcess("http/enhancement refresh", () => compile("components/admin/refresh.ts", "desk", {}));
}

/** What takes a page of the desk off the screen once its session has ended, compiled at the first call. */
export function deskWatch(): Enhancement {
  return perProcess("http/enhancement watch", () => compile("components/admin/watch.ts", "watch", {}));
}

/** What does the work that a form asks for under pressure, compiled at the first call. */
export function solver(): Enhancement {
  return perProcess("http/enhancement solver", () => compile("components/form/solver.ts", "solver", {}));
}

/** The enhancement that lies at an address, or null: a page kept since an older version then does without. */
export function enhancementAt(address: string): Enhancement | null {
  return (
    [...LOCALES.map(enhancementFor), deskRefresh(), deskWatch(), solver()].find(
      (enhancement) => enhancement.path === address,
    ) ?? null
  );
}

function compile(source: string, name: string, define: Record<string, string>): Enhancement {
  const root = process.cwd();
  const { outputFiles } = buildSync({
    entryPoints: [path.join(/* turbopackIgnore: true */ root, source)],
    absWorkingDir: root,
    bundle: true,
    minify: true,
    write: false,
    format: "esm",
    charset: "utf8",
    target: OLDEST_LANGUAGE,
    define,
    legalComments: "none",
  });
  const code = outputFiles[0]?.text ?? "";
  const hash = createHash("sha256").update(code).digest("base64");
  const version = hash.replace(/[^A-Za-z0-9]/g, "").slice(0, 8);
  return { path: `/enhance/${name}.${version}.js`, integrity: `sha256-${hash}`, code };
}
