import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { GET as thanksRoute } from "@/app/(public)/[locale]/[campaign]/thanks/route";
import { database } from "@/lib/db/client";
import { LOCALES } from "@/lib/i18n/locales";
import { messagesFor } from "@/lib/i18n/messages";
import { freezeBatch } from "@/lib/mail/outbox";
import { sendOnce } from "@/lib/mail/sending";
import { openPerson } from "@/lib/people/person";
import { purgeUnconfirmed } from "@/lib/privacy/retention";
import {
  campaignFigures,
  checkSignatureForm,
  confirm,
  countByCountry,
  disown,
  refreshCountryFigures,
  sign,
  signWithoutRecording,
  unsubscribe,
} from "@/lib/signing";
import { useDatabase } from "@/tests/support/application";
import { CAMPAIGN_SLUG } from "@/tests/support/campaign";
import { CapturingTransport, tokenIn } from "@/tests/support/capturing-transport";

useDatabase();

const transport = new CapturingTransport();
const WORKER = "00000000-0000-4000-8000-000000000001";

function request(email: string, changes: Record<string, string> = {}) {
  const checked = checkSignatureForm({
    name: "زرغونه Zarghuna",
    email,
    country: "AF",
    consent: "yes",
    locale: "en",
    ...changes,
  });
  if (!checked.ok) throw new Error(JSON.stringify(checked.errors));
  return checked.request;
}

async function drain(): Promise<void> {
  while (await sendOnce(transport, WORKER));
}

async function signAndReadToken(email: string): Promise<string> {
  await sign(CAMPAIGN_SLUG, request(email));
  await drain();
  return tokenIn(transport.last(email).text, "confirm");
}

const confirmedCount = async () => (await campaignFigures(CAMPAIGN_SLUG))?.count;

beforeAll(() => drain());
beforeEach(async () => {
  await database().$executeRaw`DELETE FROM signature`;
  await database().$executeRaw`DELETE FROM suppression`;
  await database().$executeRaw`DELETE FROM mail_allowance`;
  transport.sent.length = 0;
});

describe("signing", () => {
  test("makes one signature and one mail of 200 simultaneous ones from an address", async () => {
    const attempts = Array.from({ length: 200 }, (_, index) =>
      sign(CAMPAIGN_SLUG, request(index % 2 ? "zarghuna@example.org" : "zarghuna@EXAMPLE.org")),
    );
    const outcomes = await Promise.all(attempts);
    expect(new Set(outcomes.map((outcome) => outcome.kind))).toEqual(new Set(["pending"]));
    expect(await database().signature.count()).toBe(1);
    await drain();
    expect(transport.sent).toHaveLength(1);
  });

  test("stores each of many simultaneous signatures unchanged, even if one of them fails", async () => {
    const people = Array.from({ length: 250 }, (_, number) => ({
      name: `Signer number ${number}`,
      email: `signer.${number}@example.org`,
      country: number % 2 ? "PK" : "GB",
    }));
    const broken = { ...request("broken@example.org"), locale: "xx" as "en" };
    const [written, elsewhere, withoutRecording, failed] = await Promise.all([
      Promise.all(people.map(({ email, ...rest }) => sign(CAMPAIGN_SLUG, request(email, rest)))),
      sign("no-such-campaign", request("elsewhere@example.org")),
      signWithoutRecording(CAMPAIGN_SLUG, request("machine@example.org")),
      sign(CAMPAIGN_SLUG, broken).then(
        () => null,
        (error: unknown) => error,
      ),
    ]);
    expect(new Set(written.map(({ kind }) => kind))).toEqual(new Set(["pending"]));
    expect([elsewhere.kind, withoutRecording.kind]).toEqual(["unknown-campaign", "pending"]);
    expect(failed).toBeInstanceOf(Error);
    const rows = await database().signature.findMany({ include: { mails: true } });
    const read = rows.map(({ id, dataKeyId, personEncrypted, country, mails }) => {
      const { name, email } = openPerson({ id, dataKeyId, person: personEncrypted });
      return { name, email, country, mails: mails.length };
    });
    const numbered = (one: { email: string }) => Number(one.email.split(".")[1]?.split("@")[0]);
    expect(read.toSorted((one, other) => numbered(one) - numbered(other))).toEqual(
      people.map((person) => ({ ...person, mails: 1 })),
    );
  });

  test("waits for nobody who holds the signature after signing just now, so that no deadlock can arise", async () => {
    await sign(CAMPAIGN_SLUG, request("laila@example.org"));
    await database().$transaction(async (transaction) => {
      await transaction.$executeRaw`SELECT FROM signature FOR UPDATE`;
      expect(await sign(CAMPAIGN_SLUG, request("laila@example.org"))).toEqual({ kind: "pending" });
    });
  });

  test("stores a signature and its owed mail in one transaction, and neither without a consent text", async () => {
    const unknownLocale = { ...request("laila@example.org"), locale: "xx" as "en" };
    await expect(sign(CAMPAIGN_SLUG, unknownLocale)).rejects.toThrow();
    expect(await database().signature.count()).toBe(0);
    expect(await database().mail.count()).toBe(0);
  });

  test("changes nothing for a second signature from a confirmed address", async () => {
    await confirm(await signAndReadToken("laila@example.org"));
    const before = await database().signature.findFirst();
    await sign(
      CAMPAIGN_SLUG,
      request("laila@example.org", { name: "Somebody Else", country: "DE", publicName: "yes" }),
    );
    expect(await database().signature.findMany()).toEqual([before]);
  });

  test("sends one reminder for signing again after an hour, and none before", async () => {
    await sign(CAMPAIGN_SLUG, request("laila@example.org"));
    await sign(CAMPAIGN_SLUG, request("laila@example.org"));
    expect(await database().mail.count()).toBe(1);
    await drain();
    await database().$executeRaw`UPDATE signature SET mail_requested_at = now() - interval '61 minutes'`;
    await Promise.all([1, 2, 3].map(() => sign(CAMPAIGN_SLUG, request("laila@example.org"))));
    expect(
      (await database().mail.findMany({ orderBy: { createdAt: "asc" } })).map((mail) => mail.kind),
    ).toEqual(["confirmation", "reminder"]);
  });

  test("owes one mail for signing again every hour while no mail goes out, queued or frozen", async () => {
    await sign(CAMPAIGN_SLUG, request("laila@example.org"));
    for (const between of [async () => {}, freezeBatch, async () => {}]) {
      await between();
      await database().$executeRaw`UPDATE signature SET mail_requested_at = now() - interval '61 minutes'`;
      await sign(CAMPAIGN_SLUG, request("laila@example.org"));
      expect(await database().mail.count()).toBe(1);
    }
    // What a person has to decide upon may never be sent.
    await database()
      .$executeRaw`UPDATE mail_batch SET state = 'ambiguous', mails_frozen = NULL WHERE state = 'frozen'`;
    await database().$executeRaw`UPDATE signature SET mail_requested_at = now() - interval '61 minutes'`;
    await sign(CAMPAIGN_SLUG, request("laila@example.org"));
    expect(await database().mail.count()).toBe(2);
  });

  test("accepts a signature from a suppressed address, and sends nothing", async () => {
    await signAndReadToken("laila@example.org");
    await unsubscribe(
      tokenIn(transport.last("laila@example.org").headers["List-Unsubscribe"] ?? "", "unsubscribe"),
    );
    await database().$executeRaw`UPDATE signature SET mail_requested_at = now() - interval '61 minutes'`;
    expect(await sign(CAMPAIGN_SLUG, request("laila@example.org"))).toEqual({ kind: "pending" });
    await drain();
    expect(transport.sent).toHaveLength(1);
  });

  test("distinguishes an unknown and a closed campaign from success", async () => {
    expect(await sign("no-such-campaign", request("laila@example.org"))).toEqual({
      kind: "unknown-campaign",
    });
    await database().$executeRaw`UPDATE campaign SET status = 'closed', closed_at = now()`;
    expect(await sign(CAMPAIGN_SLUG, request("laila@example.org"))).toEqual({ kind: "closed" });
    await database().$executeRaw`UPDATE campaign SET status = 'open', closed_at = NULL`;
    expect(await database().signature.count()).toBe(0);
  });

  test("stores name and address unreadably, and opens them only in their own place", async () => {
    await sign(CAMPAIGN_SLUG, request("laila@example.org", { name: "Laila Canary" }));
    const [row] = await database().signature.findMany();
    if (!row) throw new Error("no row");
    const everything = Buffer.concat([row.personEncrypted, row.mailboxKey]).toString("latin1");
    expect(everything).not.toMatch(/canary|laila|example\.org/i);
    const { id, dataKeyId, personEncrypted: person } = row;
    expect(openPerson({ id, dataKeyId, person })).toMatchObject({
      name: "Laila Canary",
      email: "laila@example.org",
    });
    expect(() => openPerson({ id: crypto.randomUUID(), dataKeyId, person })).toThrow();
  });
});

describe("confirming", () => {
  test("adds one to the count for 50 simultaneous confirmations", async () => {
    const token = await signAndReadToken("zarghuna@example.org");
    const before = await confirmedCount();
    const outcomes = await Promise.all(Array.from({ length: 50 }, () => confirm(token)));
    expect(new Set(outcomes.map((outcome) => outcome.kind))).toEqual(new Set(["confirmed"]));
    expect(await confirmedCount()).toBe((before ?? 0) + 1);
  });

  test("answers each of many simultaneous confirmations correctly, even if one token is invalid", async () => {
    const emails = Array.from({ length: 120 }, (_, number) => `signer.${number}@example.org`);
    await Promise.all(
      emails.map((email, number) =>
        sign(CAMPAIGN_SLUG, request(email, { locale: number % 2 === 0 ? "ur" : "en" })),
      ),
    );
    await drain();
    const tokens = emails.map((email) => tokenIn(transport.last(email).text, "confirm"));
    const [outcomes, unknown, empty] = await Promise.all([
      Promise.all(tokens.map(confirm)),
      confirm("nonsense"),
      confirm(""),
    ]);
    expect(outcomes).toEqual(
      emails.map((_, number) => ({
        kind: "confirmed",
        slug: CAMPAIGN_SLUG,
        locale: number % 2 === 0 ? "ur" : "en",
        counts: true,
      })),
    );
    expect([unknown.kind, empty.kind]).toEqual(["expired-or-unknown", "expired-or-unknown"]);
    expect(await confirmedCount()).toBe(120);
    const rows = await database().signature.findMany({ include: { mails: true } });
    expect(rows.map(({ mails }) => mails.map(({ kind }) => kind).sort())).toEqual(
      emails.map(() => ["confirmation", "confirmed"]),
    );
  });

  test("confirms once when two mailed tokens of one signature are used at the same moment", async () => {
    const first = await signAndReadToken("zarghuna@example.org");
    await database().$executeRaw`UPDATE signature SET mail_requested_at = now() - interval '61 minutes'`;
    const second = await signAndReadToken("zarghuna@example.org");
    expect(first).not.toBe(second);
    const outcomes = await Promise.all([confirm(first), confirm(second)]);
    expect(outcomes.map(({ kind }) => kind)).toEqual(["confirmed", "confirmed"]);
    expect(await confirmedCount()).toBe(1);
    expect(await database().mail.count({ where: { kind: "confirmed" } })).toBe(1);
  });

  test("stores only the hash of a token", async () => {
    const token = await signAndReadToken("zarghuna@example.org");
    const stored = (await database().token.findMany()).map(({ hash }) =>
      Buffer.from(hash).toString("latin1"),
    );
    expect(stored).not.toContain(Buffer.from(token, "base64url").toString("latin1"));
    expect(token).toHaveLength(43);
  });

  test("does nothing for an expired or an unknown token", async () => {
    const token = await signAndReadToken("zarghuna@example.org");
    await database()
      .$executeRaw`UPDATE token SET expires_at = now() - interval '1 second' WHERE purpose = 'confirm'`;
    expect(await confirm(token)).toEqual({ kind: "expired-or-unknown" });
    expect(await confirm("nonsense")).toEqual({ kind: "expired-or-unknown" });
    expect(await confirmedCount()).toBe(0);
  });

  test("still works after closing for a signature made before", async () => {
    const token = await signAndReadToken("zarghuna@example.org");
    await database().$executeRaw`UPDATE campaign SET status = 'closed', closed_at = now()`;
    expect((await confirm(token)).kind).toBe("confirmed");
    await database().$executeRaw`UPDATE campaign SET status = 'open', closed_at = NULL`;
  });

  test("is open for seven days, after which the unconfirmed signature is deleted completely", async () => {
    await confirm(await signAndReadToken("zarghuna@example.org"));
    await signAndReadToken("laila@example.org");
    const day = 24 * 60 * 60 * 1000;
    expect(await purgeUnconfirmed(new Date(Date.now() + 7 * day - 60_000))).toBe(0);
    expect(await purgeUnconfirmed(new Date(Date.now() + 7 * day + 60_000))).toBe(1);
    expect((await database().signature.findMany()).map(({ state }) => state)).toEqual(["confirmed"]);
    expect(
      (await database().mail.findMany({ orderBy: { createdAt: "asc" } })).map(({ kind }) => kind),
    ).toEqual(["confirmation", "confirmed"]);
  });

  test("does not work with an unsubscribe token", async () => {
    await signAndReadToken("zarghuna@example.org");
    const token = tokenIn(
      transport.last("zarghuna@example.org").headers["List-Unsubscribe"] ?? "",
      "unsubscribe",
    );
    expect(await confirm(token)).toEqual({ kind: "expired-or-unknown" });
  });

  test("lets 'this was not me' delete the signature with its mails and tokens, until it is confirmed", async () => {
    const token = await signAndReadToken("zarghuna@example.org");
    const other = await signAndReadToken("laila@example.org");
    await confirm(other);
    expect((await disown(other)).kind).toBe("expired-or-unknown");
    expect(await confirmedCount()).toBe(1);
    await database().$executeRaw`DELETE FROM signature WHERE state = 'confirmed'`;
    expect((await disown(token)).kind).toBe("deleted");
    expect(await database().signature.count()).toBe(0);
    expect(await database().mail.count()).toBe(0);
    expect(await database().token.count()).toBe(0);
    expect((await disown(token)).kind).toBe("expired-or-unknown");
  });
});

describe("the count", () => {
  test("equals the number of confirmed rows, whatever wrote them", async () => {
    for (let index = 0; index < 12; index++) await sign(CAMPAIGN_SLUG, request(`signer${index}@example.org`));
    await sign(CAMPAIGN_SLUG, request("pending@example.org", { country: "PK" }));
    await database()
      .$executeRaw`UPDATE signature SET state = 'confirmed', confirmed_at = now() WHERE country = 'AF'`;
    expect(await confirmedCount()).toBe(12);
    await refreshCountryFigures();
    expect(await countByCountry(CAMPAIGN_SLUG)).toEqual({ AF: 10, other: 2 });
    await database()
      .$executeRaw`DELETE FROM signature WHERE id IN (SELECT id FROM signature WHERE state = 'confirmed' LIMIT 5)`;
    expect(await confirmedCount()).toBe(7);
    // Five are too few to show where they were from: until the figure follows, all are told as one.
    expect(await countByCountry(CAMPAIGN_SLUG)).toEqual({ other: 7 });
  });

  test("is null for an unknown campaign", async () => {
    expect(await campaignFigures("no-such-campaign")).toBeNull();
    expect(await countByCountry("no-such-campaign")).toBeNull();
  });
});

test.each(LOCALES)("says on the page after signing that the campaign is closed: %s", async (locale) => {
  const { thanks, message } = messagesFor(locale);
  const shown = async (query = "") => {
    const answer = await thanksRoute(new Request(`http://localhost/${query}`), {
      params: Promise.resolve({ locale, campaign: CAMPAIGN_SLUG }),
    });
    const page = await answer.text();
    const told = Object.entries({
      mail: thanks.pendingTitle,
      help: thanks.pendingHelp[0] ?? "",
      counts: thanks.confirmedText,
      looked: thanks.reviewText,
      closed: message.closed.title,
      still: message.closed.text,
      invites: thanks.shareText,
      meant: "gmail.com",
    });
    return told.filter(([, words]) => page.includes(words)).map(([what]) => what);
  };
  expect(await shown("?meant=gmail.com")).toEqual(["mail", "help", "invites", "meant"]);
  await database().$executeRaw`UPDATE campaign SET status = 'closed', closed_at = now()`;
  try {
    expect(await shown("?meant=gmail.com")).toEqual(["closed", "still"]);
    expect(await shown("?confirmed")).toEqual(["counts"]);
  } finally {
    await database().$executeRaw`UPDATE campaign SET status = 'open', closed_at = NULL`;
  }
  expect(await shown("?confirmed")).toEqual(["counts", "invites"]);
  expect(await shown("?review")).toEqual(["looked", "invites"]);
});

describe("the database refuses", () => {
  test.each([
    ["a confirmed signature without a time", "UPDATE signature SET state = 'confirmed'"],
    ["a time of confirmation on a pending one", "UPDATE signature SET confirmed_at = now()"],
    ["a name that is not sealed", "UPDATE signature SET person_encrypted = 'Laila'"],
    ["a country that is not one", "UPDATE signature SET country = 'xx'"],
    ["a mail in no batch that is batched", "UPDATE mail SET state = 'batched'"],
    ["a consent text rewritten", "UPDATE consent_text SET text = 'other'"],
    ["a closed campaign without a time", "UPDATE campaign SET status = 'closed'"],
    ["a goal of nothing", "UPDATE campaign SET goal = 0"],
  ])("%s", async (_, statement) => {
    await sign(CAMPAIGN_SLUG, request("laila@example.org"));
    await expect(database().$executeRawUnsafe(statement)).rejects.toThrow();
  });
});
