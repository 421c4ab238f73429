import type { ErrorKey, Messages } from "@/lib/i18n/messages";

/** What the browser itself can find wrong; it never sends a language that is not ours, and knows no lists. */
export type BrowserErrorKey = Exclude<ErrorKey, "locale.unknown" | "email.refused" | "email.unreachable">;

/** The texts that the enhancement carries, in one language. */
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

/** Picks out of a language's messages what the enhancement says. */
export function enhancementWords({ errors: all, form, share }: Messages): EnhancementWords {
  const { "locale.unknown": _, "email.refused": _listed, "email.unreachable": _dns, ...errors } = all;
  return {
    errors,
    summary: form.errorSummary,
    lead: form.errorLead,
    notices: { unavailable: form.notices.unavailable, offline: form.notices.offline },
    sending: form.sending,
    device: share.device,
    copy: share.copy,
    copied: share.copied,
  };
}
