import { beforeEach, describe, expect, test } from "vitest";
import { POST as confirmRoute } from "@/app/api/confirm/route";
import { database } from "@/lib/db/client";
import { heldSignature } from "@/lib/signatories";
import { campaignFigures, confirm } from "@/lib/signing";
import { TRAP_FIELD } from "@/lib/signing/form";
import { useDatabase } from "@/tests/support/application";
import { CAMPAIGN_SLUG } from "@/tests/support/campaign";
import { tokenIn } from "@/tests/support/capturing-transport";
import { typedAddress } from "@/tests/support/signers";

useDatabase();

const { typed, drain, transport } = typedAddress();
const VICTIM = "zarghuna@example.org";
const MARKED = { name: "Marker Seven", country: "TV", publicName: "yes", updates: "yes", locale: "ps" };
const HONEST = { name: "Zarghuna Nemati", country: "PK", locale: "fa-AF" };
const TRAPPED = { [TRAP_FIELD]: "filled in" };

const count = async () => (await campaignFigures(CAMPAIGN_SLUG))?.count;
const confirmLinks = () => transport.sent.map(({ text }) => tokenIn(text, "confirm"));

/** Sends the form for the victim's address. @returns the link of the mail that it caused; null when it caused none. */
async function signs(fields: Record<string, string>, email = VICTIM): Promise<string | null> {
  const before = transport.sent.length;
  await typed(email, undefined, fields);
  await drain();
  return transport.sent.length === before ? null : (confirmLinks().at(-1) ?? null);
}

/** Presses a link and reads the signer's own page through the mail that comes then. */
async function storedBy(link: string | null) {
  expect((await confirm(link ?? "")).kind).toBe("confirmed");
  await drain();
  return heldSignature(tokenIn(transport.sent.at(-1)?.text ?? "", "signature"));
}

beforeEach(async () => {
  for (const table of ["signature", "suppression", "mail_allowance"])
    await database().$executeRawUnsafe(`DELETE FROM ${table}`);
  transport.sent.length = 0;
});

describe("S7: an informer who signs first with the suspect's address", () => {
  test("cannot stop her own form, sent at once in the same spelling, from getting a mail and link of its own", async () => {
    await signs(MARKED);
    const hers = await signs(HONEST);
    expect(transport.sent.map(({ to }) => to)).toEqual([VICTIM, VICTIM]);
    expect(transport.sent.at(-1)?.text).toContain("/fa-AF/confirm/");
    expect(await storedBy(hers)).toMatchObject({
      ...{ name: "Zarghuna Nemati", country: "PK", locale: "fa-AF", email: VICTIM },
      ...{ publicName: false, updates: false, state: "confirmed" },
    });
    const [row] = await database().signature.findMany({ include: { consentText: true } });
    expect(row).toMatchObject({ submissionMark: null, consentText: { locale: "fa-AF" } });
    expect(await count()).toBe(1);
  });

  test("cannot untick what she ticked", async () => {
    await signs({ ...MARKED, publicName: "", updates: "" });
    const hers = await signs({ ...HONEST, updates: "yes", publicName: "yes" });
    expect(await storedBy(hers)).toMatchObject({ updates: true, publicName: true });
  });

  test.each(["name", "country", "locale", "updates", "publicName"] as const)(
    "cannot replace her form when it differs from his in %s alone",
    async (field) => {
      const theirs = { ...HONEST, updates: "", publicName: "" };
      await signs({ ...theirs, [field]: MARKED[field] });
      expect(await signs(theirs)).not.toBeNull();
    },
  );

  test("cannot show her name or send her news by her using his form's link", async () => {
    const his = await signs(MARKED);
    await signs(HONEST);
    expect(await storedBy(his)).toMatchObject({ name: "Marker Seven", publicName: false, updates: false });
  });

  test("cannot do so even after using up all her mails", async () => {
    await signs({ ...MARKED, name: "Marker Six" });
    const his = await signs(MARKED);
    expect(await signs(HONEST)).toBeNull();
    expect(await storedBy(his)).toMatchObject({ publicName: false, updates: false });
  });

  test("cannot discard her form by signing at the same moment", async () => {
    await Promise.all([typed(VICTIM, undefined, MARKED), typed(VICTIM, undefined, HONEST)]);
    await drain();
    expect(transport.sent).toHaveLength(2);
    for (const link of confirmLinks().slice(0, 1))
      expect(await storedBy(link)).toMatchObject({ publicName: false, updates: false });
  });

  test("cannot attach one of the organisation's own links to her form", async () => {
    await signs(MARKED);
    await database()
      .$executeRaw`UPDATE signature SET ref = '23456789', came_channel = 'email', came_step = 1`;
    expect(await storedBy(await signs(HONEST))).toMatchObject({ ref: null });
    expect(await database().$queryRaw`SELECT sum(confirmed)::int AS sum FROM share_sum`).toEqual([
      { sum: null },
    ]);
  });

  test("causes only one reminder, however often he signs", async () => {
    for (let number = 0; number < 6; number++)
      await signs({ ...MARKED, name: `Marker ${"i".repeat(number + 1)}` });
    expect(transport.sent).toHaveLength(2);
  });

  test("starts over a week later, whether or not the purge has run", async () => {
    await signs(MARKED);
    await signs({ ...MARKED, name: "Marker Eight" });
    await database().$executeRaw`
      UPDATE signature SET signed_at = signed_at - interval '7 days', mail_requested_at = mail_requested_at - interval '7 days'`;
    await database().$executeRaw`UPDATE token SET expires_at = now() WHERE purpose = 'confirm'`;
    const hers = await signs(HONEST);
    expect(await storedBy(hers)).toMatchObject({
      name: "Zarghuna Nemati",
      country: "PK",
      state: "confirmed",
    });
    expect(await database().signature.count()).toBe(1);
  });
});

describe("S7: a bot that signs with the suspect's address and fills in the trap", () => {
  test.each([
    ["the same form", {}, {}],
    ["another form", MARKED, HONEST],
  ])("does not stop her from counting after %s without the trap, by either link", async (_, his, hers) => {
    const first = await signs({ ...his, ...TRAPPED });
    const second = await signs(hers);
    await storedBy(second ?? first);
    expect(await count()).toBe(1);
    expect(await database().signature.findMany()).toMatchObject([{ state: "confirmed", held: false }]);
  });

  test("does not get her form held by signing after her", async () => {
    const hers = await signs(HONEST);
    await signs({ ...MARKED, ...TRAPPED });
    await storedBy(hers);
    expect(await count()).toBe(1);
  });

  test("does not get hers held by signing at the same moment", async () => {
    await Promise.all([typed(VICTIM, undefined, TRAPPED), typed(VICTIM)]);
    await drain();
    await storedBy(confirmLinks()[0] ?? null);
    expect(await count()).toBe(1);
  });

  test("has only its own form held, and whoever confirms that is not told that it counts", async () => {
    const link = await signs({ ...MARKED, ...TRAPPED });
    const press = () =>
      confirmRoute(
        new Request("http://localhost/", {
          method: "POST",
          headers: { accept: "text/html" },
          body: new URLSearchParams({ token: link ?? "" }),
        }),
      );
    for (const answer of [await press(), await press()])
      expect(answer.headers.get("location")).toBe(`/ps/${CAMPAIGN_SLUG}/thanks?review`);
    expect(await count()).toBe(0);
  });
});
