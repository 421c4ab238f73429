/** One mail as the provider receives it. Frozen before it is first sent. */
export type OutgoingMail = {
  from: string;
  to: string;
  subject: string;
  html: string;
  text: string;
  headers: Record<string, string>;
};

/**
 * What the provider said of one batch.
 * No `reason` holds an address or a name: it may be stored and logged.
 */
export type Delivery =
  /** `providerIds` has one entry a mail, null where it was refused. `refused` is permanent, by index. */
  | { kind: "accepted"; providerIds: (string | null)[]; refused: { index: number; reason: string }[] }
  /** The whole request is permanently invalid: nothing was sent. */
  | { kind: "refused"; reason: string }
  /** Nobody knows whether it was accepted: repeat with the same key. */
  | { kind: "retry"; reason: string; afterSeconds: number | null }
  /** Too fast: not accepted. */
  | { kind: "throttled"; reason: string; afterSeconds: number }
  /** The account's quota is used up: pause the queue until it resets. */
  | { kind: "quota"; reason: string; afterSeconds: number }
  /** Bad key or unverified domain: keep the mail, retry slowly, raise the alarm. */
  | { kind: "misconfigured"; reason: string };

export interface MailTransport {
  readonly name: "resend" | "mailbox";
  /** Hands over one frozen batch. Never throws; repeating it with the same key sends nothing twice. */
  deliver(batch: { key: string; mails: OutgoingMail[] }): Promise<Delivery>;
}
