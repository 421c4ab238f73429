import { type Actor, recordAudit } from "@/lib/audit";
import { database } from "@/lib/db/client";
import { Prisma } from "@/lib/db/generated/client";
import { mailboxKey } from "@/lib/mailbox";
import { inCampaign } from "@/lib/signatories";

/** Reasons why a mailbox gets no mail, in the desk's words. */
const REASONS = {
  stopped: "asked for no more mail",
  complained: "reported our mail as spam",
  bounced: "the mail came back; after 30 days one more is tried",
} as const;

/** @property since the day, as midnight in UTC. */
export type Suppressed = { since: Date; why: string };
/** A mailbox, given by a signature of a campaign or by an address in any spelling. */
export type MailboxOf = { slug: string; signatureId: string } | { address: string };

function keyOf(mailbox: MailboxOf): Prisma.Sql {
  return "address" in mailbox
    ? Prisma.sql`${mailboxKey(mailbox.address)}`
    : Prisma.sql`(
        SELECT mailbox_key FROM signature WHERE id = ${mailbox.signatureId}::uuid AND ${inCampaign(mailbox.slug)})`;
}

/** Returns since when and why a mailbox gets no mail; null when it is not suppressed. */
export async function suppressionOf(mailbox: MailboxOf): Promise<Suppressed | null> {
  const [found] = await database().$queryRaw<{ since: Date; reason: keyof typeof REASONS }[]>`
    SELECT since, reason::text FROM suppression WHERE mailbox_key = ${keyOf(mailbox)}`;
  return found ? { since: found.since, why: REASONS[found.reason] } : null;
}

/**
 * Lifts a suppression, whatever its reason. Sends nothing.
 * @param slug the campaign whose desk it is lifted at.
 * @returns false when the mailbox was not suppressed.
 */
export function liftSuppression(actor: Actor, slug: string, mailbox: MailboxOf): Promise<boolean> {
  return database().$transaction(async (transaction) => {
    const [lifted] = await transaction.$queryRaw<{ reason: string }[]>`
      DELETE FROM suppression WHERE mailbox_key = ${keyOf(mailbox)} RETURNING reason::text`;
    if (!lifted) return false;
    await recordAudit(
      {
        actor,
        action: "suppression.lift",
        campaign: slug,
        ...("signatureId" in mailbox ? { signature: mailbox.signatureId } : {}),
        detail: { reason: lifted.reason },
      },
      transaction,
    );
    return true;
  });
}
