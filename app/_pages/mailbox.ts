import { isFromThisMachine } from "@/lib/http/request";
import { settings } from "@/lib/settings";

/** Whether a request may see mail that stayed here: it holds links that act for other people. */
export function mayReadMailbox(request: Request): boolean {
  return settings().mailboxEnabled && isFromThisMachine(request);
}
