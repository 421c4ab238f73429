import { type Actor, auditOf, pseudonymOf, recordAudit } from "@/lib/audit";
import { database } from "@/lib/db/client";
import { type MailKind, type MailOutcome, Prisma } from "@/lib/db/generated/client";
import { exportsIncluding } from "@/lib/export";
import { keepingLinks, mailboxKey, mayBeMailed, mendAddress, notingRetry, suppressing } from "@/lib/mailbox";
import { foldName, openPerson, type Person, type SealedPerson } from "@/lib/people";
import { HELD_REASON, REMINDER_INTERVAL_MINUTES } from "@/lib/signing";
import { inCampaign } from "./in-campaign";
import { beyondEdge, eachMatch, orderOf, type PageEdge } from "./matches";
import { countNames, type NamesRefused, type Reader } from "./names-opened";
import { conditionsOf, needsOpening, type SignatureRule } from "./rule";

export type { PageEdge };

export const SIGNATORIES_PER_PAGE = 50;
/** Most signatories on one page, and most that can be handled in one action. */
export const SIGNATORIES_AT_ONCE = 500;

export type SignatoryState = "pending" | "confirmed" | "invalid";
export type SignatureSource = "web" | "paper";

export type Signatory = {
  id: string;
  name: string;
  email: string;
  country: string;
  locale: string;
  state: SignatoryState;
  source: SignatureSource;
  wantsUpdates: boolean;
  publicName: boolean;
  ref: string | null;
  /** Number of the published text that was signed; null on paper. */
  textVersion: number | null;
  signedAt: Date;
  confirmedAt: Date | null;
};

export type SignatoryFilter = SignatureRule & {
  state?: SignatoryState | undefined;
  locale?: string | undefined;
  updates?: boolean | undefined;
  source?: SignatureSource | undefined;
  /** Only signatures held for an owner because the trap field was filled in. */
  held?: boolean | undefined;
  /** A whole address or a whole name. Parts cannot be searched, since neither is stored in readable form. */
  find?: string | undefined;
};

type Row = Omit<Signatory, keyof Person> & SealedPerson;

const COLUMNS = Prisma.sql`signature.id, signature.data_key_id AS "dataKeyId", person_encrypted AS person, country, locale, state, source, wants_updates AS "wantsUpdates",
  public_name AS "publicName", ref, text_version AS "textVersion", signed_at AS "signedAt", confirmed_at AS "confirmedAt"`;

/** Signatories opened for a reader, or why none were. */
export type SignatoriesFound = { kind: "found"; signatories: Signatory[] } | NamesRefused;

/**
 * Returns one page of signatories, newest first. Pages can be read in either direction and cost the same
 * however far back. All signatories returned count against the reader's hourly limit.
 */
export async function findSignatories(
  reader: Reader,
  slug: string,
  filter: SignatoryFilter,
  edge?: PageEdge,
  take = SIGNATORIES_PER_PAGE,
): Promise<SignatoriesFound> {
  const conditions = [inCampaign(slug)];
  // Few are invalid, so they are found by their marks instead of by scanning the rest.
  if (filter.state === "invalid")
    conditions.push(Prisma.sql`signature.id IN (SELECT signature_id FROM signature_invalidation)`);
  else if (filter.state) conditions.push(Prisma.sql`state = ${filter.state}::signature_state`);
  if (filter.locale) conditions.push(Prisma.sql`locale = ${filter.locale}`);
  // The value is written into the query, so that the partial index of paper signatures is used.
  if (filter.source === "paper") conditions.push(Prisma.sql`source = 'paper'`);
  if (filter.source === "web") conditions.push(Prisma.sql`source = 'web'`);
  if (filter.held)
    conditions.push(Prisma.sql`held AND signature.id IN (
      SELECT signature_id FROM signature_invalidation WHERE reason = ${HELD_REASON})`);
  if (filter.updates) conditions.push(Prisma.sql`wants_updates`);
  const rules: SignatureRule[] = [filter];
  if (filter.find && isAddress(filter.find))
    conditions.push(Prisma.sql`mailbox_key = ${mailboxKey(filter.find)}`);
  else if (filter.find) rules.push({ name: foldName(filter.find) });
  const found = rules.some(needsOpening)
    ? await matching(rules, conditions, edge, take)
    : await page([...conditions, ...rules.flatMap(conditionsOf)], edge, take);
  const refused = await countNames(reader, found.length);
  if (refused) return refused;
  return { kind: "found", signatories: edge?.direction === "ahead" ? found.reverse() : found };
}

/** Reads signatories that match conditions the database can check. */
async function page(
  conditions: Prisma.Sql[],
  edge: PageEdge | undefined,
  take: number,
): Promise<Signatory[]> {
  const where = Prisma.join([...conditions, ...(edge ? [beyondEdge(edge)] : [])], " AND ");
  const rows = await database().$queryRaw<Row[]>`
    SELECT ${COLUMNS} FROM signature WHERE ${where} ORDER BY ${orderOf(edge?.direction ?? "behind")} LIMIT ${take}`;
  return rows.map((row) => signatoryOf(row, openPerson(row)));
}

/** Reads signatories that match rules on names or addresses. */
async function matching(
  rules: readonly SignatureRule[],
  conditions: readonly Prisma.Sql[],
  edge: PageEdge | undefined,
  take: number,
): Promise<Signatory[]> {
  const found: Signatory[] = [];
  await eachMatch<Row>({ columns: COLUMNS, conditions, rules, edge }, (row, person) => {
    found.push(signatoryOf(row, person));
    return found.length < take;
  });
  return found;
}

/** Whether a search text is an address, in any spelling. */
export function isAddress(find: string): boolean {
  return mendAddress(find).includes("@");
}

/** `isDay`: only the day is known; `at` is its midnight in UTC. */
export type HistoryEvent = { at: Date; isDay?: boolean; what: string };
export type Invalidity = { reason: string; actorLabel: string; at: Date; deleteAt: Date | null };

export type SignatoryWithHistory = {
  kind: "found";
  signatory: Signatory;
  invalidity: Invalidity | null;
  /** Since when they want no mail except what they request. */
  unsubscribedAt: Date | null;
  history: HistoryEvent[];
};

const MAIL_NAMES: Record<MailKind, string> = {
  confirmation: "confirmation mail",
  reminder: "reminder to confirm",
  confirmed: "mail that the signature counts",
  access: "mail with the link to their own page",
};
const OUTCOMES: Record<MailOutcome, string> = {
  delivered: "delivered",
  bounced: "came back",
  complained: "reported as spam",
};
/** What administrators did to a signature, by action of the audit log. */
const DEEDS: Readonly<Record<string, string>> = {
  "signatory.view": "opened",
  "signatory.resend": "mail requested again",
  "signatory.invalid": "marked invalid",
  "signatory.restore": "mark taken back",
  "signatory.withdraw": "withdrawn",
  "suppression.lift": "mail allowed again",
  "review.release": "released from review",
  "review.discard": "discarded in review",
};

/**
 * Returns one signatory of a campaign and their history: signed, mailed, confirmed, corrected, exported, and
 * what administrators did. Null when the campaign has no such signature. Counts against the reader's hourly limit.
 */
export async function signatoryWithHistory(
  reader: Reader,
  slug: string,
  id: string,
): Promise<SignatoryWithHistory | NamesRefused | null> {
  const refused = await countNames(reader, 1);
  if (refused) return refused;
  const [found] = await database().$queryRaw<
    (Row & { correctedAt: Date | null; unsubscribedAt: Date | null })[]
  >`
    SELECT ${COLUMNS}, corrected_at AS "correctedAt", unsubscribed_at AS "unsubscribedAt" FROM signature
    WHERE id = ${id}::uuid AND ${inCampaign(slug)}`;
  if (!found) return null;
  const { correctedAt, unsubscribedAt, ...row } = found;
  const [mails, audited, invalidity, exports] = await Promise.all([
    database().mail.findMany({ where: { signatureId: id }, orderBy: { createdAt: "asc" } }),
    auditOf(pseudonymOf(id)),
    database().signatureInvalidation.findUnique({ where: { signatureId: id } }),
    exportsIncluding(id),
  ]);
  const confirmedAt = row.confirmedAt ?? invalidity?.confirmedAt;
  const history: HistoryEvent[] = [
    row.source === "paper"
      ? { at: row.signedAt, isDay: true, what: "signed on paper" }
      : { at: row.signedAt, what: "signed" },
    ...(confirmedAt ? [{ at: confirmedAt, what: "confirmed" }] : []),
    ...(correctedAt ? [{ at: correctedAt, what: "corrected by the signer, the last time" }] : []),
    ...(unsubscribedAt ? [{ at: unsubscribedAt, what: "unsubscribed" }] : []),
    ...(invalidity
      ? [{ at: invalidity.at, what: `marked invalid by ${invalidity.actorLabel}: ${invalidity.reason}` }]
      : []),
    ...mails.flatMap(({ kind, createdAt, state, finishedAt, reason, outcome, outcomeAt }) => [
      { at: createdAt, what: `${MAIL_NAMES[kind]} waiting to be sent` },
      ...(finishedAt
        ? [
            {
              at: finishedAt,
              what: `${MAIL_NAMES[kind]} ${state === "sent" ? "sent" : `not sent: ${reason}`}`,
            },
          ]
        : []),
      ...(outcome && outcomeAt ? [{ at: outcomeAt, what: `${MAIL_NAMES[kind]} ${OUTCOMES[outcome]}` }] : []),
    ]),
    ...exports.map(({ at, format, actorLabel, whole }) => ({
      at,
      what: `${whole ? "exported in" : "perhaps exported in, as the file was not completed:"} ${format.toUpperCase()} by ${actorLabel}`,
    })),
    ...audited.map(({ at, action, actorLabel }) => ({
      at,
      what: `${DEEDS[action] ?? action} by ${actorLabel}`,
    })),
  ];
  return {
    kind: "found",
    signatory: signatoryOf(row, openPerson(row)),
    invalidity,
    unsubscribedAt,
    history: history.sort((one, other) => one.at.getTime() - other.at.getTime()),
  };
}

/** Whether a campaign has a signature with this id. */
export async function signatoryExists(slug: string, id: string): Promise<boolean> {
  return (await database().signature.count({ where: { id, campaign: { slug } } })) > 0;
}

/**
 * Deletes a signature and everything that belongs to it. With `suppress`, its address is never mailed again.
 * @returns the id of the audit entry; null when the campaign has no such signature.
 */
export function deleteSignatory(
  actor: Actor,
  slug: string,
  id: string,
  suppress: boolean,
): Promise<string | null> {
  return database().$transaction(async (transaction) => {
    const gone = await transaction.$queryRaw<{ id: string }[]>`
      WITH gone AS (DELETE FROM signature WHERE id = ${id}::uuid AND ${inCampaign(slug)} RETURNING id, mailbox_key),
      unwanted AS (SELECT mailbox_key FROM gone WHERE ${suppress}),
      suppressed AS (${suppressing(Prisma.sql`unwanted`)}),
      linked AS (${keepingLinks(Prisma.sql`unwanted`)})
      SELECT id FROM gone`;
    if (gone.length === 0) return null;
    const action = suppress ? "signatory.erase" : "signatory.withdraw";
    return recordAudit(
      { actor, action, campaign: slug, signature: id, detail: { signatures: 1 } },
      transaction,
    );
  });
}

/**
 * How many signatories had a mail queued, how many were mailed within the last hour, and how many may not be
 * mailed at all.
 */
export type Resending = { owed: number; tooSoon: number; refused: number };

/**
 * Queues the mail of a campaign's signatories once more, at most once an hour. Refused for suppressed,
 * unsubscribed or missing addresses and for invalid signatures.
 */
export function resendMails(actor: Actor, slug: string, ids: string[]): Promise<Resending> {
  return database().$transaction(async (transaction) => {
    const [counted] = await transaction.$queryRaw<(Resending & { found: string[] })[]>`
      WITH chosen AS (
        SELECT id, state, mailbox_key, mail_requested_at > now() - make_interval(mins => ${REMINDER_INTERVAL_MINUTES}::int) AS recent,
          state = 'invalid' OR NOT has_address
            OR unsubscribed_at IS NOT NULL OR NOT ${mayBeMailed(Prisma.sql`signature.mailbox_key`)} AS refused
        FROM signature WHERE id = ANY(${ids}::uuid[]) AND ${inCampaign(slug)} ORDER BY id FOR UPDATE
      ),
      due AS (SELECT id, state, mailbox_key FROM chosen WHERE NOT recent AND NOT refused),
      retried AS (${notingRetry(Prisma.sql`due`)}),
      asked AS (UPDATE signature SET mail_requested_at = now() FROM due WHERE signature.id = due.id),
      owed AS (
        INSERT INTO mail (id, signature_id, kind)
        SELECT gen_random_uuid(), id, (CASE state WHEN 'confirmed' THEN 'confirmed' ELSE 'reminder' END)::mail_kind FROM due
      )
      SELECT count(*) FILTER (WHERE NOT recent AND NOT refused)::int AS owed,
        count(*) FILTER (WHERE recent AND NOT refused)::int AS "tooSoon", count(*) FILTER (WHERE refused)::int AS refused,
        coalesce(array_agg(id::text), '{}') AS found
      FROM chosen`;
    if (!counted) throw new Error("an aggregate without groups answers one row");
    const { found, ...resending } = counted;
    const [only] = ids.length === 1 ? ids : [];
    if (resending.owed > 0)
      await recordAudit(
        {
          actor,
          action: "signatory.resend",
          campaign: slug,
          ...(only === undefined ? {} : { signature: only }),
          detail: { ...resending, subjects: found.map(pseudonymOf) },
        },
        transaction,
      );
    return resending;
  });
}

function signatoryOf({ dataKeyId, person, ...row }: Row, opened: Person): Signatory {
  return { ...row, ...opened };
}
