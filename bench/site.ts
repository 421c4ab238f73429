import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { CAMPAIGN_SLUG } from "@/bench/campaign";
import type { Locale } from "@/lib/i18n/locales";
import { build, buildIsStale } from "@/scripts/support/build";
import { type Site, serve } from "./serve";
import type { Context } from "./types";

/** Returns the address of the campaign's page. */
export function campaignPath(locale: Locale): string {
  return `/${locale}/${CAMPAIGN_SLUG}`;
}

/** Starts one web process of the site as deployed, on the run's database and behind one proxy. */
export async function serveSite(context: Context): Promise<Site> {
  if (await buildIsStale()) {
    context.note("building the site …");
    if ((await build()) !== 0) throw new Error("the build failed: see above");
  }
  return serve(["--import", "tsx", "scripts/web.ts"], context, {
    ready: "/api/health/ready",
    env: () => ({ TRUSTED_PROXY_HOPS: "1" }),
  });
}

/** Returns a process's resident memory, in megabytes. */
export async function memoryOf(pid: number): Promise<number> {
  const { stdout } = await promisify(execFile)("ps", ["-o", "rss=", "-p", String(pid)]);
  return Number(stdout.trim()) / 1_024;
}
