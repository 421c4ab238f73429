import { beforeEach, describe, expect, test } from "vitest";
import { pseudonymOf } from "@/lib/audit/audit";
import { database } from "@/lib/db/client";
import { discardHeld, heldSignatories, releaseHeld } from "@/lib/moderation/held";
import { restore } from "@/lib/moderation/invalid";
import { purge } from "@/lib/privacy";
import { campaignFigures, confirm } from "@/lib/signing";
import { TRAP_FIELD } from "@/lib/signing/form";
import { useDatabase } from "@/tests/support/application";
import { CAMPAIGN_SLUG } from "@/tests/support/campaign";
import { tokenIn } from "@/tests/support/capturing-transport";
import { asFound, someReader } from "@/tests/support/session";
import { typedAddress } from "@/tests/support/signers";

useDatabase();

const OWNER = {
  kind: "account",
  id: crypto.randomUUID(),
  label: "owner@example.org",
  role: "owner",
} as const;
const { typed, drain, transport } = typedAddress();
const waiting = async () => asFound(await heldSignatories(someReader(), CAMPAIGN_SLUG)).signatories;
const count = async () => (await campaignFigures(CAMPAIGN_SLUG))?.count;
const subjects = () => transport.sent.map(({ subject }) => subject);

/** Signs with the trap field filled in, as a password manager does, and confirms. @returns the signature's id. */
async function trapped(email: string): Promise<string> {
  await typed(email, undefined, { [TRAP_FIELD]: "filled in" });
  await drain();
  await confirm(tokenIn(transport.last(email).text, "confirm"));
  await drain();
  const { id } = await database().signature.findFirstOrThrow({ orderBy: { id: "desc" } });
  return id;
}

beforeEach(async () => {
  await database().$executeRaw`DELETE FROM signature`;
  await database().$executeRaw`DELETE FROM mail_allowance`;
  transport.sent.length = 0;
});

describe("a signature with the trap field filled in", () => {
  test("is answered, mailed and confirmed like any other, but waits for an owner before it counts", async () => {
    const id = await trapped("laila@example.org");
    expect(subjects()).toEqual(["Please confirm your signature"]);
    expect(await count()).toBe(0);
    expect((await waiting()).map((held) => held.id)).toEqual([id]);
    expect((await confirm(tokenIn(transport.last("laila@example.org").text, "confirm"))).kind).toBe(
      "confirmed",
    );
    expect(await count()).toBe(0);
  });

  test("counts once an owner releases it, and its signer is told then", async () => {
    const id = await trapped("laila@example.org");
    expect(await releaseHeld(OWNER, CAMPAIGN_SLUG, id)).toBe(true);
    expect(await count()).toBe(1);
    await drain();
    expect(subjects().at(-1)).toBe("Your signature counts");
    expect(await waiting()).toEqual([]);
    expect(await releaseHeld(OWNER, CAMPAIGN_SLUG, id)).toBe(false);
    const [entry] = await database().auditEntry.findMany({ where: { action: "review.release" } });
    expect(entry?.subject).toBe(pseudonymOf(id));
  });

  test("stays uncounted when an owner discards it, and can be restored", async () => {
    const id = await trapped("laila@example.org");
    expect(await discardHeld(OWNER, CAMPAIGN_SLUG, id)).toBe(true);
    expect(await waiting()).toEqual([]);
    expect(await releaseHeld(OWNER, CAMPAIGN_SLUG, id)).toBe(false);
    expect(await count()).toBe(0);
    expect(await restore(OWNER, CAMPAIGN_SLUG, { signatureId: id })).toBe(1);
    expect(await count()).toBe(1);
  });

  test("is kept once it is confirmed, and is deleted like any other if it is not", async () => {
    await trapped("laila@example.org");
    await typed("machine@example.org", undefined, { [TRAP_FIELD]: "https://example.com" });
    expect((await purge(new Date(Date.now() + 8 * 24 * 60 * 60 * 1000))).unconfirmed).toBe(1);
    expect(await database().signature.count()).toBe(1);
  });
});
