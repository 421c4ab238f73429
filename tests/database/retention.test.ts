import { readFile } from "node:fs/promises";
import { beforeEach, describe, expect, test } from "vitest";
import { GET as privacyRoute } from "@/app/(public)/[locale]/privacy/route";
import { database } from "@/lib/db/client";
import { reopenCampaign } from "@/lib/editing";
import { formatDuration } from "@/lib/i18n/format";
import { LOCALES } from "@/lib/i18n/locales";
import type { DurationUnit } from "@/lib/i18n/locales/language";
import { ERASED_BODY_MINUTES, forgetErasedBodies } from "@/lib/mail/erased-bodies";
import { freezeBatch, holdBatch, recordDelivery } from "@/lib/mail/outbox";
import { sendOnce } from "@/lib/mail/sending";
import { noteHandOver, purge, RETENTION } from "@/lib/privacy";
import { erase } from "@/lib/signatories";
import { campaignFigures, checkSignatureForm, confirm, countByCountry, sign } from "@/lib/signing";
import { useDatabase } from "@/tests/support/application";
import { CAMPAIGN_SLUG } from "@/tests/support/campaign";
import { CapturingTransport, tokenIn } from "@/tests/support/capturing-transport";

useDatabase();

const WORKER = "00000000-0000-4000-8000-000000000001";
const DAY_MILLISECONDS = 24 * 60 * 60 * 1_000;
const NOTHING = { unconfirmed: 0, signatures: 0, tokens: 0, mails: 0, batches: 0, exportRecords: 0 };

const later = (days: number) => new Date(Date.now() + days * DAY_MILLISECONDS);

beforeEach(async () => {
  await database().$executeRaw`DELETE FROM signature`;
  await database().$executeRaw`DELETE FROM mail_batch`;
  await database().$executeRaw`DELETE FROM suppression`;
  // Counts outlive a purge.
  await database().$executeRaw`DELETE FROM confirmed_count`;
  await database().$executeRaw`DELETE FROM signature_hour`;
  await database().$executeRaw`DELETE FROM signature_change`;
  await database().$executeRaw`UPDATE campaign SET status = 'open', closed_at = NULL, handed_over_at = NULL`;
});

async function signAs(email: string, country = "AF"): Promise<void> {
  const checked = checkSignatureForm({ name: "Laila", email, country, consent: "yes", locale: "en" });
  if (!checked.ok) throw new Error(JSON.stringify(checked.errors));
  await sign(CAMPAIGN_SLUG, checked.request);
}

async function allMailSent(): Promise<CapturingTransport> {
  const provider = new CapturingTransport();
  while (await sendOnce(provider, WORKER));
  return provider;
}

async function confirmed(...emails: string[]): Promise<CapturingTransport> {
  for (const email of emails) await signAs(email);
  const asked = await allMailSent();
  for (const email of emails) await confirm(tokenIn(asked.last(email).text, "confirm"));
  return allMailSent();
}

const close = () => database().$executeRaw`UPDATE campaign SET status = 'closed', closed_at = now()`;

describe("confirmed signatures", () => {
  test("are kept as long as the campaign is open", async () => {
    await confirmed("a@example.net");
    expect((await purge(later(3_000))).signatures).toBe(0);
    expect(await database().signature.count()).toBe(1);
  });

  test("are destroyed nine months after the campaign closed, not before, while its figures stay", async () => {
    await confirmed("a@example.net", "b@example.net");
    await signAs("pending@example.net", "PK");
    await close();
    const before = [await campaignFigures(CAMPAIGN_SLUG), await countByCountry(CAMPAIGN_SLUG)];
    expect((await purge(later(270))).signatures).toBe(0);
    expect((await purge(later(280))).signatures).toBe(2);
    for (const table of ["signature", "token", "mail", "signature_invalidation"])
      expect(await rowsOf(table), table).toBe(0);
    expect([await campaignFigures(CAMPAIGN_SLUG), await countByCountry(CAMPAIGN_SLUG)]).toEqual(before);
    expect(before[0]).toMatchObject({ count: 2, status: "closed" });
  });

  test("are destroyed a month after the petition was handed over", async () => {
    await confirmed("a@example.net");
    expect((await noteHandOver(CAMPAIGN_SLUG)).kind).toBe("not-closed");
    await close();
    expect((await noteHandOver(CAMPAIGN_SLUG)).kind).toBe("noted");
    expect((await purge(later(27))).signatures).toBe(0);
    await reopenCampaign(
      { kind: "account", id: crypto.randomUUID(), label: "owner", role: "owner" },
      CAMPAIGN_SLUG,
    );
    expect((await purge(later(32))).signatures, "reopened").toBe(0);
    await close();
    await noteHandOver(CAMPAIGN_SLUG);
    expect((await purge(later(32))).signatures).toBe(1);
    expect((await campaignFigures(CAMPAIGN_SLUG))?.count).toBe(1);
  });

  test("leave figures by day, not by hour", async () => {
    await confirmed("a@example.net");
    await close();
    await purge(later(300));
    const hours = await database().$queryRaw<{ hour: Date; confirmed: number }[]>`
      SELECT hour, confirmed FROM signature_hour UNION ALL SELECT hour, confirmed FROM signature_change`;
    expect(hours.map(({ hour }) => hour.getUTCHours())).toEqual([0]);
    expect(hours.map((figures) => figures.confirmed)).toEqual([1]);
  });

  test("leave the count when people withdraw them before", async () => {
    const mailed = await confirmed("a@example.net", "b@example.net");
    await close();
    await erase(tokenIn(mailed.last("a@example.net").text, "signature"));
    expect((await campaignFigures(CAMPAIGN_SLUG))?.count).toBe(1);
  });
});

test("deletes records of mails, links and exports on time, and finds nothing the second time", async () => {
  await confirmed("a@example.net");
  await database().$executeRaw`
    INSERT INTO export_run (id, campaign_id, state, format, filter, actor_label, sha256, finished_at)
    SELECT gen_random_uuid(), id, 'finished', 'csv', '{}', 'exporter', decode(repeat('00', 32), 'hex'), now() FROM campaign`;
  expect(await purge()).toEqual({ ...NOTHING, batches: 2 });
  expect(await purge(later(8))).toEqual({ ...NOTHING, tokens: 1 });
  expect(await purge(later(89))).toEqual(NOTHING);
  expect(await purge(later(91))).toEqual({ ...NOTHING, mails: 2 });
  expect(await purge(later(720))).toEqual(NOTHING);
  expect(await purge(later(740))).toEqual({ ...NOTHING, exportRecords: 1 });
  expect(await purge(later(740))).toEqual(NOTHING);
  expect(await database().signature.count()).toBe(1);
});

test("deletes everything once when many purge at the same time", async () => {
  await confirmed("a@example.net", "b@example.net", "c@example.net");
  await close();
  const purged = await Promise.all(Array.from({ length: 4 }, () => purge(later(300))));
  expect(purged.reduce((sum, { signatures }) => sum + signatures, 0)).toBe(3);
  expect((await campaignFigures(CAMPAIGN_SLUG))?.count).toBe(3);
});

describe("an erased signature", () => {
  const minutes = (count: number) => new Date(Date.now() + count * 60_000);
  const bodies = () => database().mailBatch.count({ where: { payloadEncrypted: { not: null } } });

  /** A mail to an address, with no new link to its own page, lies frozen beside somebody else's. @returns what erases the address. */
  async function frozen(): Promise<() => Promise<unknown>> {
    const mailed = await confirmed("a@example.net");
    await database()
      .$executeRaw`INSERT INTO mail (id, signature_id, kind) SELECT gen_random_uuid(), id, 'reminder' FROM signature`;
    await signAs("b@example.net");
    await freezeBatch();
    expect(await bodies()).toBe(1);
    return () => erase(tokenIn(mailed.last("a@example.net").text, "signature"));
  }

  test("leaves an unsent batch at once, and the others get their mail", async () => {
    await (await frozen())();
    expect(await forgetErasedBodies()).toBe(1);
    expect(await bodies()).toBe(0);
    const provider = await allMailSent();
    expect(provider.sent.map(({ to }) => to)).toEqual(["b@example.net"]);
  });

  test("leaves a batch that may have been sent within ten minutes, and the others wait for a person", async () => {
    const eraseOne = await frozen();
    const held = await holdBatch(WORKER);
    if (!held) throw new Error("nothing was held");
    await eraseOne();
    expect(await forgetErasedBodies(), "while it is being sent").toBe(0);
    await recordDelivery(held, WORKER, { kind: "retry", reason: "timeout", afterSeconds: 300 });
    expect(await forgetErasedBodies(), "while it may still be answered").toBe(0);
    expect(await forgetErasedBodies(minutes(ERASED_BODY_MINUTES - 1))).toBe(1);
    expect(await bodies()).toBe(0);
    expect(await database().mailBatch.count({ where: { state: "ambiguous" } })).toBe(1);
  });

  test("leaves nothing behind, or only what prevents mail for good if that was requested", async () => {
    const once = await confirmed("a@example.net");
    await erase(tokenIn(once.last("a@example.net").text, "signature"));
    for (const table of ["signature", "token", "mail", "suppression"])
      expect(await rowsOf(table), table).toBe(0);
    const mailed = await confirmed("a@example.net");
    await erase(tokenIn(mailed.last("a@example.net").text, "signature"), { neverWrite: true });
    for (const table of ["signature", "token", "mail"]) expect(await rowsOf(table), table).toBe(0);
    const [kept] = await database().suppression.findMany();
    expect(Object.keys(kept ?? {}).sort()).toEqual(["mailboxKey", "reason", "retriedOn", "since"]);
  });
});

describe("the privacy page", () => {
  const UNITS: Partial<Record<keyof typeof RETENTION, DurationUnit>> = {
    unconfirmedDays: "day",
    handedOverMonths: "month",
    closedMonths: "month",
    mailDays: "day",
    networkHours: "hour",
    erasedMinutes: "minute",
    unsubscribedDays: "day",
    bounceDays: "day",
    backupDays: "day",
    logDays: "day",
  };

  test.each(LOCALES)("states in %s the periods that the purge uses", async (locale) => {
    const page = await privacyRoute(new Request(`http://localhost/${locale}/privacy`), {
      params: Promise.resolve({ locale }),
    });
    const text = await page.text();
    for (const [limit, unit] of Object.entries(UNITS))
      expect(text, limit).toContain(formatDuration(RETENTION[limit as keyof typeof RETENTION], unit, locale));
  });
});

test("keeps backups and logs no longer than the privacy page says", async () => {
  const backup = await readFile("deploy/systemd/petition-backup.service", "utf8");
  // find counts whole days that have passed, so +28 finds what is 29 days old; and it looks only after each backup.
  expect(Number(/-mtime \+(\d+)/.exec(backup)?.[1]) + 2).toBeLessThanOrEqual(RETENTION.backupDays);
  const journal = await readFile("deploy/systemd/journald@petition.conf", "utf8");
  expect(Number(/^MaxRetentionSec=(\d+)day$/m.exec(journal)?.[1])).toBe(RETENTION.logDays);
});

async function rowsOf(table: string): Promise<number> {
  const [row] = await database().$queryRawUnsafe<{ rows: number }[]>(
    `SELECT count(*)::float8 AS rows FROM ${table}`,
  );
  return row?.rows ?? 0;
}
