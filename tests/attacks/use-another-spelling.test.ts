import { beforeEach, describe, expect, test } from "vitest";
import { GET as unsubscribePage } from "@/app/api/unsubscribe/[token]/route";
import { addListEntry } from "@/lib/abuse/owner-settings";
import { forgetPolicies } from "@/lib/abuse/policy";
import { database } from "@/lib/db/client";
import { erase, heldSignature, requestAccess } from "@/lib/signatories";
import { findSignatories } from "@/lib/signatories/signatories";
import { campaignFigures, confirm, unsubscribe } from "@/lib/signing";
import { useDatabase } from "@/tests/support/application";
import { CAMPAIGN_SLUG } from "@/tests/support/campaign";
import { tokenIn } from "@/tests/support/capturing-transport";
import { receiveReport } from "@/tests/support/reports";
import { asFound, OWNER, someReader } from "@/tests/support/session";
import { typedAddress } from "@/tests/support/signers";

useDatabase();

const { typed, drain, transport, confirmed, unsubscribeLink } = typedAddress();

const count = async () => (await campaignFigures(CAMPAIGN_SLUG))?.count;
const recipients = () => transport.sent.map(({ to }) => to);

beforeEach(async () => {
  for (const table of ["signature", "suppression", "abuse_list_entry", "mail_allowance"])
    await database().$executeRawUnsafe(`DELETE FROM ${table}`);
  forgetPolicies();
  transport.sent.length = 0;
});

describe("S7: one mailbox in different spellings", () => {
  test("counts a supporter once who signs again in capitals", async () => {
    await confirmed("Noor.Khan@example.org");
    await typed("noor.khan@example.org");
    await typed("\u2068NOOR.KHAN@EXAMPLE.ORG\u2069");
    await drain();
    expect(await database().signature.count()).toBe(1);
    expect(await count()).toBe(1);
  });

  test("counts a Gmail user once, whatever dots and tags they use", async () => {
    for (const email of ["a.li@gmail.com", "ali+1@gmail.com", "A.L.I+2@googlemail.com"]) await typed(email);
    expect(await database().signature.count()).toBe(1);
  });

  test.each([
    ["Never@example.net", "never@example.net"],
    ["never.again@gmail.com", "neveragain+petition@googlemail.com"],
    ["never@müller.com", "never@xn--mller-kva.com"],
  ])(
    "sends nothing when a stranger types another spelling of %s, which asked for no mail",
    async (address, variant) => {
      await typed(address);
      await drain();
      await unsubscribe(unsubscribeLink());
      transport.sent.length = 0;
      await database().$executeRaw`DELETE FROM signature`;
      await typed(variant);
      await requestAccess(variant);
      await drain();
      expect(recipients()).toEqual([]);
    },
  );

  test("finds nothing under any spelling after an erasure", async () => {
    const token = await confirmed("Noor.Khan@example.org");
    await typed("noor.khan@example.org");
    await erase(token);
    for (const email of ["Noor.Khan@example.org", "noor.khan@example.org"])
      expect(
        asFound(await findSignatories(someReader(), CAMPAIGN_SLUG, { find: email })).signatories,
      ).toEqual([]);
    for (const table of ["signature", "mail", "token", "suppression", "suppression_link"])
      expect(await database().$queryRawUnsafe(`SELECT FROM ${table}`), table).toEqual([]);
  });

  test("blocks a listed address in every spelling", async () => {
    await addListEntry(OWNER, CAMPAIGN_SLUG, { verdict: "block", subject: "Spam@Example.net", note: "" });
    forgetPolicies();
    for (const email of ["spam@example.net", "SPAM@example.net", "mailto:spam@example.net"])
      expect((await typed(email)).status).toBe(202);
    expect(await database().signature.count()).toBe(0);
  });

  test("blocks a listed domain in its other script", async () => {
    await addListEntry(OWNER, CAMPAIGN_SLUG, { verdict: "block", subject: "müller.com", note: "" });
    forgetPolicies();
    expect((await typed("spam@MÜLLER.com")).status).toBe(422);
    expect((await typed("spam@xn--mller-kva.com")).status).toBe(422);
  });

  test("applies a bounce or complaint that names another spelling than was typed", async () => {
    await typed("Laila@example.net");
    await receiveReport("complained", "LAILA@example.net");
    await drain();
    await typed("laila@example.net");
    await drain();
    expect(recipients()).toEqual([]);
  });
});

describe("S7: acting for somebody else", () => {
  test("sends no mail or link for the address without a dot to the owner of the one with it", async () => {
    const token = await confirmed("ali@example.org");
    transport.sent.length = 0;
    await requestAccess("a.li@example.org");
    await requestAccess("ali+x@example.org");
    await drain();
    expect(recipients()).toEqual([]);
    expect((await heldSignature(token))?.email).toBe("ali@example.org");
  });

  test("sends a link requested in another spelling to the confirmed address only", async () => {
    await confirmed("Noor@example.org");
    transport.sent.length = 0;
    await requestAccess("nOOR@example.org");
    await drain();
    expect(recipients()).toEqual(["Noor@example.org"]);
  });

  test("never stores somebody else's address on confirmation where case matters after all", async () => {
    await typed("Victim@example.org");
    await drain();
    const victims = tokenIn(transport.last("Victim@example.org").text, "confirm");
    await typed("VICTIM@example.org");
    await drain();
    expect(recipients()).toEqual(["Victim@example.org", "VICTIM@example.org"]);
    expect((await confirm(victims)).kind).toBe("confirmed");
    transport.sent.length = 0;
    await drain();
    expect(recipients()).toEqual(["Victim@example.org"]);
    const token = tokenIn(transport.last("Victim@example.org").text, "signature");
    expect((await heldSignature(token))?.email).toBe("Victim@example.org");
  });

  test("stores the spelling of the mail whose button was pressed", async () => {
    await typed("Noor.Khn@gmail.com");
    await drain();
    await typed("noorkhn@gmail.com");
    await drain();
    const second = tokenIn(transport.sent.at(-1)?.text ?? "", "confirm");
    expect(recipients()).toEqual(["Noor.Khn@gmail.com", "noorkhn@gmail.com"]);
    const pressed = await Promise.all([confirm(second), confirm(second)]);
    expect(pressed.map(({ kind }) => kind)).toEqual(["confirmed", "confirmed"]);
    expect(await count()).toBe(1);
    await drain();
    expect(recipients().at(-1)).toBe("noorkhn@gmail.com");
  });
});

describe("S7: learning from an unsubscribe link", () => {
  const page = async (token: string) => {
    const answer = await unsubscribePage(new Request("http://localhost/"), {
      params: Promise.resolve({ token }),
    });
    return [answer.status, (await answer.text()).replaceAll(token, "TOKEN")];
  };

  test("looks the same to a finder whether its owner signed, confirmed, erased or never existed", async () => {
    await typed("laila@example.org");
    await drain();
    const pending = unsubscribeLink();
    const before = await page(pending);
    const manage = await confirmed("zarghuna@example.org");
    const erased = unsubscribeLink();
    expect(await page(erased)).toEqual(before);
    await unsubscribe(erased);
    expect(await page(erased), "unsubscribed").toEqual(before);
    await unsubscribe(pending);
    expect(await page(pending), "suppressed").toEqual(before);
    await erase(manage, { neverWrite: true });
    expect(await page(erased), "erased").toEqual(before);
    expect(await page("a".repeat(43)), "unknown").toEqual(before);
    expect(before[1]).toContain(`action="/api/unsubscribe/TOKEN"`);
    expect(before[1]).toContain(`action="/api/unsubscribe/TOKEN/allow"`);
  });

  test("looks the same after unsubscribing, whoever had confirmed", async () => {
    await typed("laila@example.org");
    await drain();
    const pending = unsubscribeLink();
    await confirmed("zarghuna@example.org");
    const signer = unsubscribeLink();
    await unsubscribe(pending);
    await unsubscribe(signer);
    expect(await page(pending)).toEqual(await page(signer));
  });
});
