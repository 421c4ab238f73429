import type { Misconfiguration } from "@/lib/observability";

/** One mail as the provider receives it. Frozen before the first attempt. */
export type OutgoingMail = {
  from: string;
  to: string;
  subject: string;
  html: string;
  text: string;
  headers: Record<string, string>;
};

/**
 * A mail that was not accepted.
 * If `cause` is set, the fault is ours, not the recipient's, and the mail is still owed.
 */
export type Refusal = { index: number; reason: string; cause?: Misconfiguration };

/**
 * The provider's answer for one batch.
 * No `reason` contains an address or a name, so it may be stored and logged.
 */
export type Delivery =
  /** `providerIds` has one entry per mail, null if it was refused. */
  | { kind: "accepted"; providerIds: (string | null)[]; refused: Refusal[] }
  /** The whole request is permanently invalid: nothing was sent. */
  | { kind: "refused"; reason: string }
  /** Nobody knows whether it was accepted: repeat with the same key. */
  | { kind: "retry"; reason: string; afterSeconds: number | null }
  /** Too many requests: not accepted. */
  | { kind: "throttled"; reason: string; afterSeconds: number }
  /** The account's quota is used up: pause the queue until it resets. */
  | { kind: "quota"; reason: string; afterSeconds: number }
  /** Bad key or unverified domain: keep the mail, retry slowly, raise the alarm. */
  | { kind: "misconfigured"; cause: Misconfiguration; reason: string };

export interface MailTransport {
  readonly name: "resend" | "mailbox";
  /** Hands over one frozen batch. Never throws; repeating it with the same key sends nothing twice. */
  deliver(batch: { key: string; mails: OutgoingMail[] }): Promise<Delivery>;
}
