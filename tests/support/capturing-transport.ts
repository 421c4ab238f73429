import type { Delivery, MailTransport, OutgoingMail } from "@/lib/mail/transports/types";

/** A provider that takes everything and keeps it for the test to read. */
export class CapturingTransport implements MailTransport {
  readonly name = "mailbox";
  readonly sent: OutgoingMail[] = [];

  async deliver({ mails }: { mails: OutgoingMail[] }): Promise<Delivery> {
    this.sent.push(...mails);
    return { kind: "accepted", providerIds: mails.map(() => null), refused: [] };
  }

  /** The newest mail to an address; throws when there is none. */
  last(to: string): OutgoingMail {
    const mail = this.sent.findLast((sent) => sent.to.toLowerCase() === to.toLowerCase());
    if (!mail) throw new Error(`no mail to ${to}`);
    return mail;
  }
}

/** The token in the address `…/{before}/TOKEN` within a text. */
export function tokenIn(text: string, before: "confirm" | "unsubscribe" | "signature"): string {
  const token = new RegExp(`/${before}/([\\w-]+)`).exec(text)?.[1];
  if (!token) throw new Error(`no /${before}/ address in the text`);
  return token;
}
