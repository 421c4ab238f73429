import type { Misconfiguration } from "@/lib/observability";

/** One mail as the provider receives it. Frozen before it is first sent. */
export type OutgoingMail = {
  from: string;
  to: string;
  subject: string;
  html: string;
  text: string;
  headers: Record<string, string>;
};

/** A mail that was not taken. With `cause` the fault is ours, not the recipient's: it stays owed. */
export type Refusal = { index: number; reason: string; cause?: Misconfiguration };

/**
 * What the provider said of one batch.
 * No `reason` holds an address or a name: it may be stored and logged.
 */
export type Delivery =
  /** `providerIds` has one entry a mail, null where it was refused. */
  | { kind: "accepted"; providerIds: (string | null)[]; refused: Refusal[] }
  /** The whole request is permanently invalid: nothing was sent. */
  | { kind: "refused"; reason: string }
  /** Nobody knows whether it was accepted: repeat with the same key. */
  | { kind: "retry"; reason: string; afterSeconds: number | null }
  /** Too fast: not accepted. */
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
