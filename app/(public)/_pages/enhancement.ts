import { createHash } from "node:crypto";
import path from "node:path";
import { buildSync } from "esbuild";
import { enhancementWords } from "@/components/browser/enhancement-words";
import { LOCALES, type Locale } from "@/lib/i18n/locales";
import { messagesFor } from "@/lib/i18n/messages";
import { perProcess } from "@/lib/per-process";

/** A script for browsers: its address, its hash (Subresource Integrity) and the code itself. */
export type Enhancement = { path: string; integrity: string; code: string };

/** What browsers since 2020 understand; older ones read the page without it. */
const OLDEST_LANGUAGE = "es2020";

const enhancements = perProcess("http/enhancement", () => new Map<Locale, Enhancement>());

/** The enhancement of a language, compiled on the first call. Its address changes with its content. */
export function enhancementFor(locale: Locale): Enhancement {
  const known = enhancements.get(locale);
  if (known) return known;
  const words = JSON.stringify(enhancementWords(messagesFor(locale)));
  const made = compile("enhancement", locale, { WORDS: words });
  enhancements.set(locale, made);
  return made;
}

/** Keeps the desk's figures fresh. Compiled on the first call. */
export function deskRefresh(): Enhancement {
  return perProcess("http/enhancement refresh", () => compile("desk-refresh", "desk"));
}

/** Takes a page of the desk off the screen once its session has ended. Compiled on the first call. */
export function deskWatch(): Enhancement {
  return perProcess("http/enhancement watch", () => compile("desk-watch", "watch"));
}

/** Does the work that a form asks for under pressure. Compiled on the first call. */
export function solver(): Enhancement {
  return perProcess("http/enhancement solver", () => compile("solver", "solver"));
}

/** Tells the page around the framed form how tall it is. Compiled on the first call. */
export function frameHeight(): Enhancement {
  return perProcess("http/enhancement height", () => compile("frame-height", "height"));
}

/** Returns the code of `/embed.js`, which other sites put on their pages. Compiled on the first call. */
export function embedCode(): string {
  return perProcess("http/enhancement embed", () => bundle("embed", "iife", {}));
}

/** The script at an address, or null: a cached page of an older release then does without. */
export function enhancementAt(address: string): Enhancement | null {
  const scripts = [...LOCALES.map(enhancementFor), deskRefresh(), deskWatch(), solver(), frameHeight()];
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
