import path from "node:path";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { launch } from "chrome-launcher";
import lighthouse from "lighthouse";
import { CAMPAIGN_SLUG } from "@/bench/campaign";
import { LOCALES } from "@/lib/i18n/locales";
import { findChromium } from "@/scripts/support/chromium";
import { startPeer } from "./peer-site";
import { serve } from "./serve";
import type { Measure, Result } from "./types";

/** The acceptance figures of the page (D4, D5, D7). */
const HTML_BYTES = 32 * 1024;
const ENHANCEMENT_BYTES = 3 * 1024;
const WHOLE_PAGE_BYTES = 100 * 1024;
const LARGEST_PAINT_MILLISECONDS = 1_500;
const FULL_SCORE = 100;
const CATEGORIES = ["performance", "accessibility", "best-practices", "seo"] as const;
const CHROMIUM_FLAGS = [
  "--headless=new",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

type Audit = { scores: Record<string, number>; largestPaint: number; blocking: number; bytes: number };

/**
 * On a busy machine Lighthouse may fail because nothing was painted in time; it is retried, up to this many
 * times in all.
 */
const AUDIT_TRIES = 3;

/** Runs Lighthouse as a phone with its usual throttling. */
async function audit(url: string): Promise<Audit> {
  for (let tries = 1; ; tries++) {
    const audited = await auditOnce(url);
    if (!Number.isNaN(audited.largestPaint) || tries === AUDIT_TRIES) return audited;
  }
}

async function auditOnce(url: string): Promise<Audit> {
  const chromePath = findChromium();
  const chrome = await launch({
    chromeFlags: CHROMIUM_FLAGS,
    logLevel: "silent",
    ...(chromePath === null ? {} : { chromePath }),
  });
  try {
    const run = await lighthouse(url, {
      port: chrome.port,
      logLevel: "silent",
      onlyCategories: [...CATEGORIES],
    });
    if (!run) throw new Error("Lighthouse gave no report");
    const { categories, audits } = run.lhr;
    const number = (id: string) => audits[id]?.numericValue ?? Number.NaN;
    return {
      scores: Object.fromEntries(
        CATEGORIES.map((id) => [id, Math.round((categories[id]?.score ?? 0) * 100)]),
      ),
      largestPaint: number("largest-contentful-paint"),
      blocking: number("total-blocking-time"),
      bytes: number("total-byte-weight"),
    };
  } finally {
    chrome.kill();
  }
}

async function textOf(url: string): Promise<string> {
  return (await fetch(url)).text();
}

/**
 * Measures the campaign page's size and its speed on a slow phone, in each language, compared with an
 * ordinary Next page.
 */
export const pageMeasure: Measure = {
  name: "page",
  async run(context) {
    const site = await serve(["--import", "tsx", "scripts/start.ts", "--without-worker"], context, {
      ready: "/api/health/ready",
      // As in production: a demonstration asks not to be indexed, and Lighthouse lowers its score for that.
      env: (url) => ({
        DATA_FOLDER: path.join(context.folder, "site"),
        DATABASE_URL: "",
        SITE_URL: url,
        MAIL_FROM: "Campaign <petition@example.org>",
        ORGANISATION_NAME: "Benchmark",
        MAIL_PROVIDER: "resend",
      }),
    });
    const peer = await startPeer(context);
    const results: Result[] = [];
    try {
      for (const locale of LOCALES) {
        context.note(`the page in ${locale} …`);
        const address = `${site.url}/${locale}/${CAMPAIGN_SLUG}`;
        const markup = await textOf(address);
        const script = /src="(\/enhance\/[^"]+)"/.exec(markup)?.[1] ?? "";
        const enhancement = gzipSync(await textOf(site.url + script)).length;
        const ours = await audit(address);
        const theirs = await audit(`${peer.url}/${locale}`);
        const bytes = { unit: "bytes", better: "lower" } as const;
        const time = { unit: "ms", better: "lower" } as const;
        const name = "App Router page";
        results.push(
          {
            ...bytes,
            what: `${locale}: HTML and CSS, gzip`,
            ours: gzipSync(markup).length,
            limit: HTML_BYTES,
          },
          { ...bytes, what: `${locale}: HTML and CSS, brotli`, ours: brotliCompressSync(markup).length },
          { ...bytes, what: `${locale}: enhancement, gzip`, ours: enhancement, limit: ENHANCEMENT_BYTES },
          {
            ...bytes,
            what: `${locale}: whole page as transferred`,
            ours: ours.bytes,
            limit: WHOLE_PAGE_BYTES,
            peer: { name, value: theirs.bytes },
          },
          {
            ...time,
            what: `${locale}: largest paint, phone, throttled`,
            ours: ours.largestPaint,
            limit: LARGEST_PAINT_MILLISECONDS,
            peer: { name, value: theirs.largestPaint },
          },
          {
            ...time,
            what: `${locale}: blocked by scripts`,
            ours: ours.blocking,
            peer: { name, value: theirs.blocking },
          },
          ...CATEGORIES.map(
            (category): Result => ({
              unit: "points",
              better: "higher",
              what: `${locale}: Lighthouse ${category}`,
              ours: ours.scores[category] ?? 0,
              limit: FULL_SCORE,
            }),
          ),
        );
      }
      return results;
    } finally {
      await Promise.all([site.stop(), peer.stop()]);
    }
  },
};
