import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { renderToStaticMarkup } from "react-dom/server";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { FormAction } from "@/components/admin/form-state";
import { MailAlarm } from "@/components/admin/MailAlarm";
import { resendTransport } from "@/lib/mail";
import { sendOnce } from "@/lib/mail/sending";
import { checkSignatureForm, sign } from "@/lib/signing";
import { useDatabase } from "@/tests/support/application";
import { CAMPAIGN_SLUG } from "@/tests/support/campaign";
import { type FakeResend, startFakeResend } from "@/tests/support/fake-resend";
import { startTestDatabase, type TestDatabase } from "@/tests/support/postgres";
import { runProgram, startProgram } from "@/tests/support/programs";

useDatabase();

/** Ten turns of an idle worker. */
const LONG_ENOUGH_MS = 3_000;

let folder: string;
let copy: TestDatabase;
let resend: FakeResend;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "petition-drill-"));
  [copy, resend] = await Promise.all([startTestDatabase(), startFakeResend({ apiKey: "re_right_key" })]);
});
afterAll(async () => {
  await resend.close();
  await copy.stop();
  await rm(folder, { recursive: true, force: true });
});

async function signAs(email: string): Promise<void> {
  const checked = checkSignatureForm({ name: "Laila", email, country: "AF", consent: "yes", locale: "en" });
  if (!checked.ok) throw new Error(JSON.stringify(checked.errors));
  await sign(CAMPAIGN_SLUG, checked.request);
}

const onCopy = () => ({
  DATABASE_URL: copy.url,
  RESEND_API_KEY: resend.apiKey,
  RESEND_BASE_URL: resend.url,
});
const stopOfCopy = async () => (await copy.query("SELECT stopped_by FROM mail_pause"))[0]?.stopped_by;
const audited = async () =>
  (await copy.query("SELECT action FROM audit_entry WHERE action LIKE 'mail.%' ORDER BY sequence")).map(
    ({ action }) => action,
  );

test("sends nothing from a restored copy until somebody allows it, and then each mail once", async () => {
  const transport = resendTransport({ apiKey: resend.apiKey, baseUrl: resend.url });
  await signAs("sent@example.net");
  while (await sendOnce(transport, crypto.randomUUID()));
  expect(resend.accepted).toHaveLength(1);
  await signAs("queued@example.net");
  resend.fail("500", 1);
  await sendOnce(transport, crypto.randomUUID());
  await signAs("owed@example.net");
  const before = resend.requests.length;

  await runProgram("backup", [path.join(folder, "backup")]);
  const said = await runProgram("restore", [path.join(folder, "backup")], onCopy());
  expect(said).toMatch(/Mail is stopped/);
  expect(said).toMatch(/2 mails were not sent/);
  expect(said).toContain("npm run admin -- mail resume");

  const worker = startProgram("worker", [], onCopy());
  try {
    await expect.poll(() => worker.output(), { timeout: 20_000 }).toContain("mail is stopped and kept");
    await sleep(LONG_ENOUGH_MS);
    expect(resend.requests).toHaveLength(before);
    expect(worker.output().match(/mail is stopped/g)).toHaveLength(1);
    expect(await runProgram("admin", ["mail", "status"], onCopy())).toMatch(
      /stopped since .* by a restore: 2 to be sent/,
    );

    expect(await runProgram("admin", ["mail", "resume"], onCopy())).toMatch(/goes out again: 2 to be sent/);
    await expect.poll(() => resend.accepted.length, { timeout: 20_000 }).toBe(3);
    await sleep(LONG_ENOUGH_MS);
    expect(resend.accepted.map(({ to }) => to).sort()).toEqual([
      "owed@example.net",
      "queued@example.net",
      "sent@example.net",
    ]);
  } finally {
    await worker.stop();
  }
  expect(await audited()).toEqual(["mail.resume"]);
}, 90_000);

test("lets an operator stop and resume mail, and records it", async () => {
  expect(await runProgram("admin", ["mail", "stop"], onCopy())).toMatch(/Mail is stopped/);
  expect(await stopOfCopy()).toBe("operator");
  expect(await runProgram("admin", ["mail", "stop"], onCopy())).toMatch(/was stopped before/);
  expect(await runProgram("admin", ["mail", "resume"], onCopy())).toMatch(/goes out again/);
  expect(await runProgram("admin", ["mail", "resume"], onCopy())).toMatch(/was not stopped/);
  expect(await stopOfCopy()).toBeNull();
  expect(await audited()).toEqual(["mail.resume", "mail.stop", "mail.resume"]);
}, 90_000);

test("offers to resume mail on the overview to owners only", () => {
  const trouble = { stop: { since: new Date(), by: "restore" as const }, failures: [] };
  const shown = (resume: FormAction | null) => renderToStaticMarkup(MailAlarm({ trouble, resume }));
  const toOwner = shown(async (before) => before);
  expect(toOwner).toContain("a copy from a backup");
  expect(toOwner).toContain("Let mail go out");
  expect(shown(null)).not.toContain("<button");
});
