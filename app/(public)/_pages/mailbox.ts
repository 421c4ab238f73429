import { isFromThisMachine } from "@/lib/http/request";
import { settings } from "@/lib/settings";

/**
 * Returns whether a request may read the local mailbox. Its mails hold links that act on behalf of other
 * people.
 */
export function mayReadMailbox(request: Request): boolean {
  return settings().mailboxEnabled && isFromThisMachine(request);
}
