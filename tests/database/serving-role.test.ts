import { randomBytes } from "node:crypto";
import { cp, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { announce, listen } from "@/lib/announcements";
import { recordAudit } from "@/lib/audit/audit";
import { backUp } from "@/lib/db/backup";
import { closeDatabase, database } from "@/lib/db/client";
import { applyMigrations, pendingMigrations } from "@/lib/db/migrations";
import { grantServing } from "@/lib/db/serving-role";
import { answerExport } from "@/lib/export";
import { sendOnce } from "@/lib/mail/sending";
import { erase, requestAccess, withdraw } from "@/lib/signatories";
import { campaignFigures, checkSignatureForm, confirm, refreshCountryFigures, sign } from "@/lib/signing";
import { seed } from "@/prisma/seed";
import { CAMPAIGN_SLUG } from "@/tests/support/campaign";
import { CapturingTransport, tokenIn } from "@/tests/support/capturing-transport";
import { startTestDatabase, type TestDatabase, testEnvironment } from "@/tests/support/postgres";

/** What PostgreSQL answers to who may not (SQLSTATE). */
const INSUFFICIENT_PRIVILEGE = "42501";
const WORKER = "00000000-0000-4000-8000-000000000001";
const role = `serving_${randomBytes(4).toString("hex")}`;
const transport = new CapturingTransport();
let held: TestDatabase;
let servingUrl: string;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "petition-serving-"));
  held = await startTestDatabase();
  const password = randomBytes(16).toString("hex");
  await held.query(`CREATE ROLE ${role} LOGIN PASSWORD '${password}'`);
  await grantServing(held.url, role);
  const url = new URL(held.url);
  [url.username, url.password] = [role, password];
  servingUrl = url.href;
  Object.assign(process.env, testEnvironment(servingUrl));
  await seed();
});
afterAll(async () => {
  await closeDatabase();
  await held.query(`DROP OWNED BY ${role}`);
  await held.query(`DROP ROLE ${role}`);
  await held.stop();
  await rm(folder, { recursive: true, force: true });
});

async function signed(email: string): Promise<string> {
  const checked = checkSignatureForm({ name: "Laila", email, country: "AF", consent: "yes", locale: "en" });
  if (!checked.ok) throw new Error(JSON.stringify(checked.errors));
  await sign(CAMPAIGN_SLUG, checked.request);
  while (await sendOnce(transport, WORKER));
  const token = tokenIn(transport.last(email).text, "confirm");
  expect((await confirm(token)).kind).toBe("confirmed");
  return token;
}

async function ownPage(email: string): Promise<string> {
  await requestAccess(email);
  while (await sendOnce(transport, WORKER));
  return tokenIn(transport.last(email).text, "signature");
}

test("lets the serving role sign, mail, confirm, count, withdraw and erase", async () => {
  await signed("laila@example.org");
  await signed("zarghuna@example.org");
  await refreshCountryFigures();
  expect((await campaignFigures(CAMPAIGN_SLUG))?.count).toBe(2);
  expect((await withdraw(await ownPage("laila@example.org"))).kind).toBe("done");
  expect((await erase(await ownPage("zarghuna@example.org"))).kind).toBe("done");
  expect((await campaignFigures(CAMPAIGN_SLUG))?.count).toBe(0);
});

test("lets the serving role export, back up and hear announcements", async () => {
  await signed("nargis@example.org");
  const request = new Request(`http://localhost/api/admin/petitions/${CAMPAIGN_SLUG}/export?format=ndjson`);
  const exported = await answerExport(request, CAMPAIGN_SLUG, { label: "test" }, async (action, detail) => {
    await recordAudit({ actor: null, action, detail });
  });
  expect(await exported.text()).toContain("nargis@example.org");
  expect((await backUp(servingUrl, path.join(folder, "backup"))).tables.length).toBeGreaterThan(10);

  const stopping = new AbortController();
  const heard = new Promise<string>((resolve, reject) => {
    listen(
      "abuse_policy",
      (payload) => {
        if (payload === null) announce("abuse_policy", "here").catch(reject);
        else resolve(payload);
      },
      stopping.signal,
    ).catch(reject);
  });
  expect(await heard).toBe("here");
  stopping.abort();
});

test.each([
  "CREATE TABLE intruder ()",
  "ALTER TABLE signature ADD COLUMN intruder text",
  "ALTER TABLE audit_entry DISABLE TRIGGER audit_entry_immutable",
  "DROP TABLE signature",
  "TRUNCATE mail",
  "CREATE OR REPLACE FUNCTION intruder() RETURNS int LANGUAGE sql AS 'SELECT 1'",
  "UPDATE audit_entry SET detail = '{}'",
  "DELETE FROM audit_entry",
  "TRUNCATE audit_entry",
  "DELETE FROM _prisma_migrations",
  "SET session_replication_role = replica",
])("does not let the serving role run %s", async (statement) => {
  await recordAudit({ actor: null, action: "test", detail: {} });
  await expect(database().$executeRawUnsafe(statement)).rejects.toMatchObject({
    message: expect.stringContaining(INSUFFICIENT_PRIVILEGE),
  });
});

test("starts under a role that may create no tables if no migration is pending, and leaves pending ones alone", async () => {
  expect(await applyMigrations(servingUrl)).toEqual({ applied: [] });
  const source = { folder: path.join(folder, "prisma") };
  await cp("prisma", source.folder, { recursive: true });
  const added = path.join(source.folder, "migrations/99990101000000_next");
  await mkdir(added);
  await writeFile(path.join(added, "migration.sql"), "CREATE TABLE next_release ();");
  await expect(applyMigrations(servingUrl, source)).rejects.toThrow(
    /^99990101000000_next pending, and the role of DATABASE_URL may create no tables: first run npm run migrate /,
  );
  expect(await pendingMigrations(held.url, source)).toEqual(["99990101000000_next"]);
  expect(await applyMigrations(held.url, source)).toEqual({ applied: ["99990101000000_next"] });
});
