export { type MailboxMail, mailboxTransport, readMailbox } from "./transports/mailbox";
export { resendTransport } from "./transports/resend";
export type { MailTransport } from "./transports/types";
export { receiveWebhook, WEBHOOK_BODY_LIMIT_BYTES } from "./webhook";
export { runWorker, sendOnce } from "./worker";
