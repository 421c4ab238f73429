import { randomInt } from "node:crypto";
import { database } from "@/lib/db/client";
import type { Locale } from "@/lib/i18n/locales";

/** No vowels and nothing that looks like something else: codes are read out and typed, and must spell no word. */
const ALPHABET = "23456789bcdfghjkmnpqrstvwxz";
/** Characters of a signer's code: 27 to the power of 10, too many to guess one that exists. */
const SIGNER_CODE_CHARACTERS = 10;
/** Characters that a language's channel codes begin with; one more tells them apart. Alike, they weigh less on the page. */
const CHANNEL_STEM_CHARACTERS = 6;
const CODE_FORM = /^[a-z0-9]{6,16}$/;
/** Rows over which the visits of one code on one day are spread. */
const VISIT_SHARDS = 8;

/** Where people share. Each has a link of its own per language, so that it can be seen which brings people. */
export const CHANNELS = [
  "whatsapp",
  "telegram",
  "facebook",
  "x",
  "bluesky",
  "email",
  "sms",
  "link",
  "qr",
  "poster",
  "sheet",
] as const;
export type Channel = (typeof CHANNELS)[number];
export type ChannelCodes = Record<Channel, string>;

/** Programs that fetch an address to show a preview, or to look at it before a person does. */
const PREVIEW_FETCHERS =
  /bot\b|bot\/|whatsapp|facebookexternalhit|facebookcatalog|telegrambot|twitterbot|slack|discord|linkedin|bingpreview|skype|vkshare|viber|signal|preview|crawler|spider|embedly|iframely|curl|wget|python|go-http|headless|safelinks|mimecast|proofpoint/i;

/** A new code, made of chance alone. */
function newCode(characters: number): string {
  return Array.from({ length: characters }, () => ALPHABET[randomInt(ALPHABET.length)]).join("");
}

/** A new code for a signer. Whoever writes it must let a code that exists already win. */
export function newSignerCode(): string {
  return newCode(SIGNER_CODE_CHARACTERS);
}

/** Whether a text could be a share code at all. */
export function isShareCode(text: string): boolean {
  return CODE_FORM.test(text);
}

/** Whether a program, rather than a person, asks: then a visit is not counted. Who sends no name is taken for one. */
export function isPreviewFetcher(userAgent: string | null): boolean {
  return userAgent === null || userAgent === "" || PREVIEW_FETCHERS.test(userAgent);
}

/** Where a short link leads, or null when there is no such code. */
export async function followCode(code: string): Promise<{ slug: string; locale: Locale } | null> {
  if (!isShareCode(code)) return null;
  const [found] = await database().$queryRaw<{ slug: string; locale: Locale }[]>`
    SELECT campaign.slug, share_code.locale FROM share_code JOIN campaign ON campaign.id = share_code.campaign_id
    WHERE share_code.code = ${code}`;
  return found ?? null;
}

/** Counts one visit through a code that exists. Nothing about the visitor is kept. */
export async function countVisit(code: string): Promise<void> {
  await database().$executeRaw`
    INSERT INTO share_visit (code, day, shard, visits) VALUES (${code}, current_date, ${randomInt(VISIT_SHARDS)}, 1)
    ON CONFLICT (code, day, shard) DO UPDATE SET visits = share_visit.visits + 1`;
}

/**
 * The codes of a campaign's channels in one language, made at first need; null when there is no such campaign. They never
 * change, so a process asks for them once.
 */
export async function channelCodes(slug: string, locale: Locale): Promise<ChannelCodes | null> {
  const key = `${locale}/${slug}`;
  const codes = keptChannelCodes.get(key) ?? (await madeChannelCodes(slug, locale));
  if (codes) keptChannelCodes.set(key, codes);
  return codes;
}

const keptChannelCodes = new Map<string, ChannelCodes>();

async function madeChannelCodes(slug: string, locale: Locale): Promise<ChannelCodes | null> {
  const known = await readChannelCodes(slug, locale);
  if (known) return known;
  const stem = newCode(CHANNEL_STEM_CHARACTERS);
  const codes = CHANNELS.map((_, place) => stem + ALPHABET.charAt(place));
  await database().$executeRaw`
    INSERT INTO share_code (code, campaign_id, locale, channel)
    SELECT made.code, campaign.id, ${locale}, made.channel
    FROM campaign, unnest(${codes}::text[], ${[...CHANNELS]}::text[]) AS made (code, channel)
    WHERE campaign.slug = ${slug} ON CONFLICT DO NOTHING`;
  return readChannelCodes(slug, locale);
}

async function readChannelCodes(slug: string, locale: Locale): Promise<ChannelCodes | null> {
  const rows = await database().$queryRaw<{ channel: string; code: string }[]>`
    SELECT share_code.channel, share_code.code FROM share_code JOIN campaign ON campaign.id = share_code.campaign_id
    WHERE campaign.slug = ${slug} AND share_code.locale = ${locale} AND share_code.channel IS NOT NULL`;
  const codes = new Map(rows.map(({ channel, code }) => [channel, code]));
  if (!CHANNELS.every((channel) => codes.has(channel))) return null;
  return Object.fromEntries(CHANNELS.map((channel) => [channel, codes.get(channel)])) as ChannelCodes;
}

/** The code of a confirmed signature, made now if confirming did not. Null while it is not confirmed. */
export async function signerCode(signatureId: string): Promise<string | null> {
  await database().$executeRaw`
    INSERT INTO share_code (code, campaign_id, locale, signature_id, parent)
    SELECT ${newSignerCode()}, campaign_id, locale, id, ref FROM signature
    WHERE id = ${signatureId}::uuid AND state = 'confirmed' ON CONFLICT DO NOTHING`;
  const found = await database().shareCode.findUnique({ where: { signatureId }, select: { code: true } });
  return found?.code ?? null;
}
