export { type MailboxMail, mailboxTransport, readMailbox } from "./transports/mailbox";
export { resendTransport } from "./transports/resend";
export type { MailTransport } from "./transports/types";
export { runWorker, sendOnce } from "./worker";
