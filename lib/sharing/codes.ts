import { withoutTrailing } from "@/lib/http/link";

/** No vowels and no look-alikes: codes are read out and typed, and must not spell words. */
const ALPHABET = "23456789bcdfghjkmnpqrstvwxz";
/** Length of the stem, which all codes of a campaign share. Alike, they weigh less on the page. */
const STEM_CHARACTERS = 6;
/** A code is the stem, one character for the channel and one for the step. All codes have this length. */
export const SHARE_CODE_CHARACTERS = STEM_CHARACTERS + 2;
const CODE_FORM = new RegExp(`^[${ALPHABET}]{${SHARE_CODE_CHARACTERS}}$`);
/**
 * Texts that a short link passes on when redirecting, whether or not they are codes, so that the answer does
 * not reveal which.
 */
const LINKED_FORM = /^[a-z0-9]{4,32}$/;

/** Where people share. Each channel has its own link, to show which ones bring people. */
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

/**
 * How far a link is from the organisation: 1 is its own, 2 was passed on by someone who came through it, 3
 * was passed on again, once or more.
 * Pages for people who signed have no step of their own: such a link would reveal that its sender signed.
 * Further steps are not distinguished: the longer a chain, the fewer people share its code.
 */
export const STEPS = [1, 2, 3] as const;
export type Step = (typeof STEPS)[number];

/** The meaning of a code: campaign, channel and step. Nothing about who shared it. */
export type CodeMeaning = { stem: string; channel: Channel; step: Step };

/** Programs that fetch an address for a preview, or to scan it before a person opens it. */
const PREVIEW_FETCHERS =
  /bot\b|bot\/|whatsapp|facebookexternalhit|facebookcatalog|telegrambot|twitterbot|slack|discord|linkedin|bingpreview|skype|vkshare|viber|signal|preview|crawler|spider|embedly|iframely|curl|wget|python|go-http|headless|safelinks|mimecast|proofpoint/i;

/**
 * Whether the visitor is a program rather than a person; such visits are not counted. An empty user agent
 * counts as a program.
 */
export function isPreviewFetcher(userAgent: string | null): boolean {
  return userAgent === null || userAgent === "" || PREVIEW_FETCHERS.test(userAgent);
}

/**
 * Creates a random stem.
 * @param random returns a random whole number below its argument.
 */
export function makeStem(random: (below: number) => number): string {
  return Array.from({ length: STEM_CHARACTERS }, () => ALPHABET.charAt(random(ALPHABET.length))).join("");
}

/** Whether a text has the shape of a share code. */
export function isShareCode(text: string): boolean {
  return CODE_FORM.test(text);
}

/**
 * Reads a share code from a field or parameter, in lower case and without anything a message appended to it;
 * null when it does not have the form of a code.
 */
export function readShareCode(text: string): string | null {
  const code = withoutTrailing(text).toLowerCase();
  return isShareCode(code) ? code : null;
}

/**
 * Reads the last part of a short link if it could pass for a code, and returns what to redirect with;
 * otherwise null.
 */
export function readLinkedCode(part: string): string | null {
  const code = withoutTrailing(part).toLowerCase();
  return LINKED_FORM.test(code) ? code : null;
}

/** Decodes a code without a look-up; null if it cannot be ours. Does not check that its campaign exists. */
export function meaningOf(code: string): CodeMeaning | null {
  if (!isShareCode(code)) return null;
  const channel = CHANNELS[ALPHABET.indexOf(code.charAt(STEM_CHARACTERS))];
  const step = STEPS[ALPHABET.indexOf(code.charAt(STEM_CHARACTERS + 1))];
  if (channel === undefined || step === undefined) return null;
  return { stem: code.slice(0, STEM_CHARACTERS), channel, step };
}

/**
 * Returns the step of links passed on by someone who came through this code, whether or not they signed.
 * Without a code, the first step.
 */
export function stepAfter(code: string | null = null): Step {
  const step = code === null ? 0 : (meaningOf(code)?.step ?? 0);
  return STEPS[Math.min(step, STEPS.length - 1)] ?? 1;
}

/** Returns the code of a channel and step, for a campaign's stem. */
export function codeOf({ stem, channel, step }: CodeMeaning): string {
  return stem + ALPHABET.charAt(CHANNELS.indexOf(channel)) + ALPHABET.charAt(STEPS.indexOf(step));
}
