import { createHash } from "node:crypto";
import path from "node:path";
import { buildSync } from "esbuild";
import { enhancementWords } from "@/components/browser/enhancement-words";
import { LOCALES, type Locale } from "@/lib/i18n/locales";
import { messagesFor } from "@/lib/i18n/messages";
import { perProcess } from "@/lib/per-process";

/** A browser script: its address, its hash (Subresource Integrity) and its code. */
export type Enhancement = { path: string; integrity: string; code: string };

/** Supported by browsers since 2020; older ones show the page without scripts. */
const OLDEST_LANGUAGE = "es2020";

const enhancements = perProcess("http/enhancement", () => new Map<Locale, Enhancement>());

/**
 * Returns the enhancement script of a language. Compiled on the first call; its address contains a content
 * hash.
 */
export function enhancementFor(locale: Locale): Enhancement {
  const known = enhancements.get(locale);
  if (known) return known;
  const words = JSON.stringify(enhancementWords(messagesFor(locale)));
  const made = compile("enhancement", locale, { WORDS: words });
  enhancements.set(locale, made);
  return made;
}

/** Returns the script that solves the form's proof of work under load. Compiled on the first call. */
export function solver(): Enhancement {
  return perProcess("http/enhancement solver", () => compile("solver", "solver"));
}

/**
 * Returns the script that reports the framed form's height to the embedding page. Compiled on the first call.
 */
export function frameHeight(): Enhancement {
  return perProcess("http/enhancement height", () => compile("frame-height", "height"));
}

/** Returns the code of `/embed.js`, which other sites load. Compiled on the first call. */
export function embedCode(): string {
  return perProcess("http/enhancement embed", () => bundle("embed", "iife", {}));
}

/** Returns the script at an address, or null: a cached page of an older release then works without it. */
export function enhancementAt(address: string): Enhancement | null {
  const scripts = [...LOCALES.map(enhancementFor), solver(), frameHeight()];
  return scripts.find((script) => script.path === address) ?? null;
}

function compile(source: string, name: string, define: Record<string, string> = {}): Enhancement {
  const code = bundle(source, "esm", define);
  const hash = createHash("sha256").update(code).digest("base64");
  const version = hash.replace(/[^A-Za-z0-9]/g, "").slice(0, 8);
  return { path: `/enhance/${name}.${version}.js`, integrity: `sha256-${hash}`, code };
}

function bundle(source: string, format: "esm" | "iife", define: Record<string, string>): string {
  const root = process.cwd();
  const { outputFiles } = buildSync({
    entryPoints: [path.join(/* turbopackIgnore: true */ root, "components/browser", `${source}.ts`)],
    absWorkingDir: root,
    bundle: true,
    minify: true,
    write: false,
    format,
    charset: "utf8",
    target: OLDEST_LANGUAGE,
    define,
    legalComments: "none",
  });
  return outputFiles[0]?.text ?? "";
}
