import { createDecipheriv, hkdfSync } from "node:crypto";
import { encode } from "next-auth/jwt";
import { beforeAll, describe, expect, test } from "vitest";
import { POST as signOut } from "@/app/admin/sign-out/route";
import { GET as auditCsv } from "@/app/api/admin/audit/route";
import { openEnrolment } from "@/lib/accounts/enrolment";
import { cookieName } from "@/lib/accounts/sessions";
import { proveAgain } from "@/lib/accounts/sign-in";
import { addToken } from "@/lib/accounts/tokens";
import { database } from "@/lib/db/client";
import { open } from "@/lib/db/encryption";
import { settings } from "@/lib/settings";
import { useDatabase } from "@/tests/support/application";
import { codeOf, freshCode } from "@/tests/support/codes";
import {
  asked,
  attempt,
  type Enrolled,
  enrolled,
  invited,
  nextStep,
  posted,
  sessionOf,
  statusOf,
  stopClock,
} from "@/tests/support/desk";

const held = useDatabase();

let owner: Enrolled;
let cookie = "";
let dump = "";
/** All that a thief could try as a secret: every value in the dump, as it stands, as bytes and as base64url. */
let values: string[] = [];

/** Every row of every table. */
async function dumped(): Promise<string> {
  const tables = await held
    .current()
    .query<{ name: string }>("SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'");
  const parts: string[] = [];
  for (const { name } of tables) {
    const rows = await held
      .current()
      .query<{ row: string }>(`SELECT row_to_json(t)::text AS row FROM "${name}" t`);
    parts.push(...rows.map(({ row }) => row));
  }
  return parts.join("\n");
}

function valuesIn(text: string): string[] {
  const found =
    text.match(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{64}|[A-Za-z0-9_-]{43}/g) ?? [];
  return [
    ...new Set(
      found.flatMap((value) =>
        /^[0-9a-f]{64}$/.test(value) ? [value, Buffer.from(value, "hex").toString("base64url")] : [value],
      ),
    ),
  ];
}

async function minted(sub: string, secret: string): Promise<string> {
  return `${cookieName("session-token")}=${await encode({ token: { sub }, secret })}`;
}

/** How many of the values open the desk as a session's cookie sealed with a secret. */
async function opening(tried: readonly string[], secret: string): Promise<string[]> {
  const opened: string[] = [];
  for (const value of tried)
    if ((await statusOf(asked({ cookie: await minted(value, secret) }))) !== 401) opened.push(value);
  return opened;
}

beforeAll(async () => {
  owner = await enrolled("owner");
  ({ cookie } = await sessionOf(owner));
  await proveAgain(asked({ cookie: (await sessionOf(owner)).cookie }), await freshCode(owner.secret));
  await signOut(posted("/admin/sign-out", (await sessionOf(owner)).cookie, {}));
  await invited(`invited.${crypto.randomUUID()}@example.org`, "owner");
  await addToken("nightly", "owner", 30);
  dump = await dumped();
  values = valuesIn(dump);
});

describe("S13: a thief with a database dump", () => {
  test("cannot forge a session cookie with NEXTAUTH_SECRET", async () => {
    expect(values.length).toBeGreaterThan(10);
    expect(await opening(values, settings().nextAuthSecret)).toEqual([]);
    expect(await statusOf(asked({ cookie })), "while the session is open").toBe(200);
  });

  test("finds no session token in it, nor anything to derive one from", async () => {
    const { token } = await sessionOf(owner);
    const fresh = await dumped();
    for (const form of [
      token,
      Buffer.from(token, "base64url").toString("hex"),
      Buffer.from(token).toString("hex"),
    ])
      expect(fresh).not.toContain(form);
  });

  test("cannot open a session, an enrolment link or an API token with TOKEN_SECRET", async () => {
    expect(await opening(values, settings().tokenSecret)).toEqual([]);
    for (const value of values) {
      expect(await openEnrolment(value)).toBeNull();
      expect(await statusOf(asked({ authorization: `Bearer ${value}` }))).toBe(401);
    }
  });

  test("can read authenticator secrets with DATA_KEYS, but lacks the password and a session to get in", async () => {
    const { totpEncrypted, dataKeyId } = await database().adminAccount.findUniqueOrThrow({
      where: { id: owner.id },
    });
    const secret = open(totpEncrypted ?? new Uint8Array(), dataKeyId ?? "", {
      table: "admin_account",
      column: "totp",
      id: owner.id,
    });
    stopClock();
    nextStep();
    nextStep();
    for (const password of ["", secret, ...values.slice(0, 2)])
      expect((await attempt(owner.email, codeOf(secret), password)).kind).toBe("refused");
    const [key] = settings().dataKeys;
    expect(await opening(values, key?.key.toString("base64") ?? "")).toEqual([]);
  });

  test("cannot open authenticator secrets with the key that opens names", async () => {
    const { totpEncrypted } = await database().adminAccount.findUniqueOrThrow({ where: { id: owner.id } });
    const sealed = Buffer.from(totpEncrypted ?? []);
    const [dataKey] = settings().dataKeys;
    if (!dataKey) throw new Error("there is no key");
    const opened = (key: Buffer) => {
      const decipher = createDecipheriv("aes-256-gcm", key, sealed.subarray(0, 12), { authTagLength: 16 });
      decipher.setAAD(Buffer.from(`admin_account.totp:${owner.id}`));
      decipher.setAuthTag(sealed.subarray(-16));
      return Buffer.concat([decipher.update(sealed.subarray(12, -16)), decipher.final()])
        .toString()
        .replace(/\0+$/, "");
    };
    const derived = (table: string) => Buffer.from(hkdfSync("sha256", dataKey.key, "", table, 32));
    expect(opened(derived("admin_account"))).toBe(owner.secret);
    for (const key of [dataKey.key, derived("signature"), derived("mail_batch")])
      expect(() => opened(key)).toThrow();
  });
});

describe("S13: a thief with the audit log as CSV and NEXTAUTH_SECRET", () => {
  test("finds nothing that opens a session", async () => {
    const csv = await (await auditCsv(asked({ cookie }))).text();
    expect(csv).toContain("session.begin");
    expect(await opening(valuesIn(csv), settings().nextAuthSecret)).toEqual([]);
  });
});
