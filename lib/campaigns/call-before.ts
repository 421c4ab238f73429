import { type Call, type CampaignContent, readCampaign } from "@/lib/document";
import type { Locale } from "@/lib/i18n/locales";
import { perProcess } from "@/lib/per-process";
import { campaignNamed, type PublishedCampaign } from "./published";

/** What people signed before a campaign's call was changed. */
export type CallBefore = { call: Call; changedAt: Date };

/** The content before the change by slug, read once for each version. */
const read = perProcess(
  "campaigns/call-before",
  () => new Map<string, { version: number; content: CampaignContent | null }>(),
);

/** Returns a campaign's call before it was last changed; null if it never was, or not in this language. */
export function callBefore(slug: string, locale: Locale): CallBefore | null {
  const before = campaignNamed(slug)?.callBefore;
  if (!before) return null;
  const call = contentOf(slug, before)?.documents.get(locale)?.call;
  return call === undefined ? null : { call, changedAt: before.changedAt };
}

function contentOf(
  slug: string,
  { version, files }: NonNullable<PublishedCampaign["callBefore"]>,
): CampaignContent | null {
  const known = read.get(slug);
  if (known?.version === version) return known.content;
  const before = readCampaign(files);
  const content = before.ok ? before.content : null;
  read.set(slug, { version, content });
  return content;
}
