import { withoutTrailing } from "@/lib/http/link";

/** No vowels and nothing that looks like something else: codes are read out and typed, and must spell no word. */
const ALPHABET = "23456789bcdfghjkmnpqrstvwxz";
/** Characters that all codes of a campaign begin with. Alike, they weigh less on the page. */
const STEM_CHARACTERS = 6;
/** A code is the stem, one character for the channel and one for the step. All have this one shape. */
export const SHARE_CODE_CHARACTERS = STEM_CHARACTERS + 2;
const CODE_FORM = new RegExp(`^[${ALPHABET}]{${SHARE_CODE_CHARACTERS}}$`);
/** What a short link may hold to lead on with it, whether a code or not: nobody learns from the answer which it was. */
const LINKED_FORM = /^[a-z0-9]{4,32}$/;

/** Where people share. Each has a link of its own, so that it can be seen which brings people. */
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
 * How far a link is from the organisation: 1 is its own, 2 was passed on by somebody who came by it, 3 once more or
 * oftener. Pages for people who signed have no step of their own: a link would tell that its sender did. Further steps are not told apart: the longer a chain, the fewer people share its code.
 */
export const STEPS = [1, 2, 3] as const;
export type Step = (typeof STEPS)[number];

/** What a code says: of which campaign, where it was shared, how often. Nothing of who did. */
export type CodeMeaning = { stem: string; channel: Channel; step: Step };

/** Programs that fetch an address to show a preview, or to look at it before a person does. */
const PREVIEW_FETCHERS =
  /bot\b|bot\/|whatsapp|facebookexternalhit|facebookcatalog|telegrambot|twitterbot|slack|discord|linkedin|bingpreview|skype|vkshare|viber|signal|preview|crawler|spider|embedly|iframely|curl|wget|python|go-http|headless|safelinks|mimecast|proofpoint/i;

/** Whether a program, rather than a person, asks: then a visit is not counted. Who sends no name is taken for one. */
export function isPreviewFetcher(userAgent: string | null): boolean {
  return userAgent === null || userAgent === "" || PREVIEW_FETCHERS.test(userAgent);
}

/** A text that begins all codes of a campaign, made of chance by `random`, which returns whole numbers below its argument. */
export function makeStem(random: (below: number) => number): string {
  return Array.from({ length: STEM_CHARACTERS }, () => ALPHABET.charAt(random(ALPHABET.length))).join("");
}

/** Whether a text has the shape of a share code. */
export function isShareCode(text: string): boolean {
  return CODE_FORM.test(text);
}

/** The share code in a field or parameter, in its one case and without what a message put behind it; null if it has not the shape. */
export function readShareCode(text: string): string | null {
  const code = withoutTrailing(text).toLowerCase();
  return isShareCode(code) ? code : null;
}

/** What the last part of a short link leads on with, of any shape that a code could be thought to have; else null. */
export function readLinkedCode(part: string): string | null {
  const code = withoutTrailing(part).toLowerCase();
  return LINKED_FORM.test(code) ? code : null;
}

/** Reads a code without looking anything up; null when none of ours could be so. Whether its campaign exists is not checked. */
export function meaningOf(code: string): CodeMeaning | null {
  if (!isShareCode(code)) return null;
  const channel = CHANNELS[ALPHABET.indexOf(code.charAt(STEM_CHARACTERS))];
  const step = STEPS[ALPHABET.indexOf(code.charAt(STEM_CHARACTERS + 1))];
  if (channel === undefined || step === undefined) return null;
  return { stem: code.slice(0, STEM_CHARACTERS), channel, step };
}

/** The step of links that somebody passes on who came through this code, signer or not; of those who came by none, the first. */
export function stepAfter(code: string | null = null): Step {
  const step = code === null ? 0 : (meaningOf(code)?.step ?? 0);
  return STEPS[Math.min(step, STEPS.length - 1)] ?? 1;
}

/** The code of a channel at one step, for a campaign's stem. */
export function codeOf({ stem, channel, step }: CodeMeaning): string {
  return stem + ALPHABET.charAt(CHANNELS.indexOf(channel)) + ALPHABET.charAt(STEPS.indexOf(step));
}
