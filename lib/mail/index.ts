export { type AmbiguousBatch, ambiguousBatches, BATCH_DECISIONS } from "./ambiguous";
export { mayRetry } from "./dead-letters";
export { decideOnBatch, resumeMail, retryMails, stopMail } from "./decisions";
export { ERASED_BODY_MINUTES, forgetErasedBodies } from "./erased-bodies";

export { sendOnce } from "./sending";
export { type MailStop, mailStop, mailsOwed } from "./stop";
export { forgetSubmissions } from "./submissions";
export { mailboxTransport, readMailbox } from "./transports/mailbox";
export { resendTransport } from "./transports/resend";
export type { MailTransport } from "./transports/types";
export {
  forgetWebhookDeliveries,
  noteEarlyReports,
  receiveWebhook,
  WEBHOOK_BODY_LIMIT_BYTES,
  WEBHOOK_DELIVERY_DAYS,
} from "./webhook";
