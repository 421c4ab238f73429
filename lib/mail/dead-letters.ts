import { database } from "@/lib/db/client";

/** Owes mails anew that were given up for a reason; each is composed again, with new tokens. @returns how many. */
export function retryDeadMails(reason: string): Promise<number> {
  return database().$executeRaw`
    UPDATE mail SET state = 'queued', reason = NULL, finished_at = NULL, batch_id = NULL, position = NULL, provider_id = NULL
    WHERE state = 'dead' AND reason = ${reason} AND reason <> 'suppressed'`;
}
