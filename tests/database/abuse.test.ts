import { beforeEach, describe, expect, test } from "vitest";
import { admitSigning, SIGNATURES_PER_NETWORK_PER_MINUTE } from "@/lib/abuse/limits";
import { forgetNetworks, NETWORK_KEPT_HOURS, networkKey, networkOf } from "@/lib/abuse/network";
import { CAMPAIGN_SLUG } from "@/lib/campaign/content";
import { database } from "@/lib/db/client";
import { checkSignatureForm, sign } from "@/lib/signing";
import { useDatabase } from "@/tests/support/application";

useDatabase();

const HOUR_MILLISECONDS = 3_600_000;

function request(email: string) {
  const checked = checkSignatureForm({
    name: "Zarghuna",
    email,
    country: "AF",
    consent: "yes",
    locale: "en",
  });
  if (!checked.ok) throw new Error(JSON.stringify(checked.errors));
  return checked.request;
}

/** What a process that starts just now holds: no salt. */
function asNewProcess(): void {
  delete (globalThis as { networkSalt?: unknown }).networkSalt;
}

beforeEach(async () => {
  await database().$executeRaw`DELETE FROM signature`;
  await database().$executeRaw`DELETE FROM network_salt`;
  await database().$executeRaw`DELETE FROM network_minute`;
  asNewProcess();
});

describe("a network's key", () => {
  const noon = new Date("2026-11-24T12:00:00Z");

  test("is one for all processes that ask at once, and another the next day", async () => {
    const keys = await Promise.all(
      Array.from({ length: 20 }, () => {
        asNewProcess();
        return networkKey("203.0.113.9", noon);
      }),
    );
    expect(new Set(keys.map((key) => key.toString("hex"))).size).toBe(1);
    expect(await database().networkSalt.count()).toBe(1);
    const nextDay = await networkKey("203.0.113.9", new Date("2026-11-25T00:00:00Z"));
    expect(nextDay).not.toEqual(keys[0]);
    expect(await networkKey("203.0.113.200", noon)).toEqual(keys[0]);
    expect(await networkKey("203.0.114.9", noon)).not.toEqual(keys[0]);
  });

  test("is kept with the signature until its salt is destroyed, at most 48 hours; other days keep theirs", async () => {
    for (const day of ["2026-11-24", "2026-11-25"]) {
      const signedAt = new Date(`${day}T23:59:00Z`);
      const key = await networkKey("203.0.113.9", signedAt);
      await sign(CAMPAIGN_SLUG, request(`signed-${day}@example.org`), key);
      await database().$executeRaw`UPDATE signature SET signed_at = ${signedAt} WHERE network_key = ${key}`;
    }
    const saltEnds = new Date(Date.parse("2026-11-24") + (NETWORK_KEPT_HOURS - 1) * HOUR_MILLISECONDS);
    expect(await forgetNetworks(new Date(saltEnds.getTime() - 1))).toBe(0);
    expect(await forgetNetworks(saltEnds)).toBe(1);
    expect((await database().networkSalt.findMany()).map(({ day }) => day)).toEqual([new Date("2026-11-25")]);
    const kept = await database().signature.findMany({ orderBy: { signedAt: "asc" } });
    expect(kept.map((row) => row.networkKey === null)).toEqual([true, false]);
  });

  test("goes by /24 and /56, however the address is written", () => {
    expect(networkOf("203.0.113.77")).toBe("203.0.113.0/24");
    expect(networkOf("::ffff:203.0.113.77")).toBe("203.0.113.0/24");
    expect(networkOf("2001:db8:1:2ab::1")).toBe(networkOf("2001:0DB8:0001:0200:5:6:7:8"));
    expect(networkOf("2001:db8:1:2ab::1")).not.toBe(networkOf("2001:db8:1:3ab::1"));
  });
});

describe("a network's limit", () => {
  test("admits a minute's worth, then says how long to wait, and starts anew", async () => {
    const now = new Date("2026-11-24T12:00:15Z");
    const admit = async (address: string, at = now) => admitSigning(await networkKey(address, at), at);
    for (let index = 0; index < SIGNATURES_PER_NETWORK_PER_MINUTE; index++) {
      expect(await admit(`203.0.113.${index % 250}`)).toEqual({ admitted: true });
    }
    expect(await admit("203.0.113.9")).toEqual({ admitted: false, retryAfterSeconds: 45 });
    expect(await admit("198.51.100.9")).toEqual({ admitted: true });
    expect(await admit("203.0.113.9", new Date("2026-11-24T12:01:00Z"))).toEqual({ admitted: true });
  });
});
