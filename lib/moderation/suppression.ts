import { type Actor, recordAudit } from "@/lib/audit";
import { database } from "@/lib/db/client";
import { Prisma } from "@/lib/db/generated/client";
import { mailboxKey } from "@/lib/mailbox";

/** Why no mail goes to a mailbox, in the desk's words. */
const REASONS = {
  stopped: "asked for no more mail",
  complained: "reported our mail as spam",
  bounced: "the mail came back; after 30 days one more is tried",
} as const;

/** @property since the day, as midnight in UTC. */
export type Suppressed = { since: Date; why: string };
/** One mailbox: that of a signature, or of an address in any spelling. */
export type MailboxOf = { signatureId: string } | { address: string };

function keyOf(mailbox: MailboxOf): Prisma.Sql {
  return "address" in mailbox
    ? Prisma.sql`${mailboxKey(mailbox.address)}`
    : Prisma.sql`(SELECT mailbox_key FROM signature WHERE id = ${mailbox.signatureId}::uuid)`;
}

/** Since when and why a mailbox gets no mail; null when it does. */
export async function suppressionOf(mailbox: MailboxOf): Promise<Suppressed | null> {
  const [found] = await database().$queryRaw<{ since: Date; reason: keyof typeof REASONS }[]>`
    SELECT since, reason::text FROM suppression WHERE mailbox_key = ${keyOf(mailbox)}`;
  return found ? { since: found.since, why: REASONS[found.reason] } : null;
}

/** Allows mail to a mailbox again, whatever stopped it. Nothing is sent. @returns false when nothing stopped it. */
export function liftSuppression(actor: Actor, mailbox: MailboxOf): Promise<boolean> {
  return database().$transaction(async (transaction) => {
    const [lifted] = await transaction.$queryRaw<{ reason: string }[]>`
      DELETE FROM suppression WHERE mailbox_key = ${keyOf(mailbox)} RETURNING reason::text`;
    if (!lifted) return false;
    await recordAudit(
      {
        actor,
        action: "suppression.lift",
        ...("signatureId" in mailbox ? { signature: mailbox.signatureId } : {}),
        detail: { reason: lifted.reason },
      },
      transaction,
    );
    return true;
  });
}
