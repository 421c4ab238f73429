import type { ErrorKey, Messages } from "@/lib/i18n/messages";

/** Errors that the browser detects itself. The server finds all others and explains them in its answer. */
const BROWSER_ERRORS = [
  "name.missing",
  "name.long",
  "name.url",
  "email.invalid",
  "email.long",
  "country.unknown",
  "consent.missing",
] as const satisfies readonly ErrorKey[];
export type BrowserErrorKey = (typeof BROWSER_ERRORS)[number];

/** The script's texts in one language. */
export type EnhancementWords = {
  errors: Record<BrowserErrorKey, string>;
  summary: string;
  lead: string;
  notices: Pick<Messages["form"]["notices"], "unavailable" | "offline">;
  sending: string;
  device: string;
  copy: string;
  copied: string;
};

/** Picks the script's texts from a language's messages. */
export function enhancementWords({ errors: all, form, share }: Messages): EnhancementWords {
  const errors = BROWSER_ERRORS.map((key) => [key, all[key]]);
  return {
    errors: Object.fromEntries(errors) as EnhancementWords["errors"],
    summary: form.errorSummary,
    lead: form.errorLead,
    notices: { unavailable: form.notices.unavailable, offline: form.notices.offline },
    sending: form.sending,
    device: share.device,
    copy: share.copy,
    copied: share.copied,
  };
}
