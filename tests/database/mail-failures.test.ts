import { renderToStaticMarkup } from "react-dom/server";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { FormAction } from "@/components/admin/form-state";
import { MailAlarm } from "@/components/admin/MailAlarm";
import { database } from "@/lib/db/client";
import { deskFigures, deskFor } from "@/lib/desk/figures";
import type { MailTransport } from "@/lib/mail";
import { resendTransport } from "@/lib/mail";
import { resumeMail, stopMail } from "@/lib/mail/decisions";
import { sendOnce } from "@/lib/mail/sending";
import { mailFailureTotals } from "@/lib/observability/mail-failures";
import { metricsText } from "@/lib/observability/metrics";
import { settings } from "@/lib/settings";
import { useDatabase } from "@/tests/support/application";
import { CAMPAIGN_SLUG } from "@/tests/support/campaign";
import { type FailureMode, type FakeResend, startFakeResend } from "@/tests/support/fake-resend";
import { startProgram } from "@/tests/support/programs";
import { deskRoute } from "@/tests/support/routes";
import { sessionOf } from "@/tests/support/session";
import { signAs } from "@/tests/support/signers";

useDatabase();

const WORKER = "00000000-0000-4000-8000-000000000001";
let resend: FakeResend;
let transport: MailTransport;

beforeAll(async () => {
  resend = await startFakeResend({ apiKey: "re_right_key" });
  transport = resendTransport({ apiKey: resend.apiKey, baseUrl: resend.url });
});
afterAll(() => resend.close());
beforeEach(async () => {
  await database().$executeRaw`DELETE FROM signature`;
  await database().$executeRaw`DELETE FROM mail_batch`;
  await database().$executeRaw`DELETE FROM mail_failure`;
  await database().$executeRaw`UPDATE mail_pause SET paused_until = NULL`;
  resend.recover();
  resend.accepted.length = 0;
});

/** Sends whatever is due, as if every wait had passed. */
async function sendAll(): Promise<void> {
  await skipWaiting();
  while (await sendOnce(transport, WORKER));
}
const skipWaiting = () =>
  database().$executeRaw`UPDATE mail_batch SET next_attempt_at = now() WHERE state = 'frozen'`;

const states = async () => (await database().mail.findMany()).map(({ state }) => state);
const failuresOf = async (reason: string) =>
  (await mailFailureTotals()).find((each) => each.reason === reason)?.total;

/** The place where the form that lets mail go out would answer. */
const NOTHING = '<div tabindex="-1" class="answer"></div>';

async function shownTo(role: "owner" | "viewer"): Promise<string> {
  const figures =
    role === "owner" ? await deskFigures(CAMPAIGN_SLUG) : await deskFor(CAMPAIGN_SLUG, "viewer");
  if (!figures) throw new Error("there is no campaign");
  const trouble = "mail" in figures ? figures.mail.trouble : "trouble" in figures ? figures.trouble : null;
  if (!trouble) throw new Error("the desk says nothing of mail");
  const resume: FormAction | null = role === "owner" ? async (before) => before : null;
  return renderToStaticMarkup(MailAlarm({ trouble, resume }));
}

describe.each([
  ["401", "key", "RESEND_API_KEY"],
  ["domain", "domain", "DNS records"],
  ["sender", "sender", "MAIL_FROM"],
  ["sender-each", "sender", "MAIL_FROM"],
] as const satisfies readonly [FailureMode, string, string][])(
  "while the provider answers %s",
  (mode, reason, todo) => {
    test("keeps mail, tells the desk what to do, and sends each once after the repair", async () => {
      resend.fail(mode, Number.POSITIVE_INFINITY);
      await signAs("a@example.net", "b@example.net");
      for (let attempt = 0; attempt < 3; attempt += 1) await sendAll();
      expect(await states()).toEqual(["batched", "batched"]);
      expect(resend.accepted).toHaveLength(0);
      expect(await failuresOf(reason)).toBe(3);
      for (const role of ["owner", "viewer"] as const) expect(await shownTo(role)).toContain(todo);

      resend.recover();
      await sendAll();
      expect(await states()).toEqual(["sent", "sent"]);
      expect(resend.accepted.map(({ to }) => to).sort()).toEqual(["a@example.net", "b@example.net"]);
      expect(await shownTo("owner")).toBe(NOTHING);
      // What has happened stays counted.
      expect(await failuresOf(reason)).toBe(3);
    });

    test("counts the failure for every process that serves metrics", async () => {
      resend.fail(mode, 1);
      await signAs("a@example.net");
      await sendAll();
      const { body } = await metricsText();
      expect(body).toContain(`petition_mail_failures_total{reason="${reason}"} 1`);
      expect(body).toContain('petition_mail_failures_total{reason="account"} 0');
    });
  },
);

test("sends mail that was refused for its sender from the new one, even from a frozen batch", async () => {
  const before = settings().mailFrom;
  resend.fail("domain", 1);
  await signAs("a@example.net");
  await sendAll();
  try {
    settings().mailFrom = "Campaign <petition@verified.example>";
    await sendAll();
    // What was taken apart is frozen anew in the next turn.
    await sendAll();
    expect(resend.accepted.map(({ from }) => from)).toEqual(["Campaign <petition@verified.example>"]);
  } finally {
    settings().mailFrom = before;
  }
});

test("keeps sender and key of mail that may have been sent, so that none is sent twice", async () => {
  const before = settings().mailFrom;
  resend.fail("cut-after-accept", 1);
  await signAs("a@example.net");
  await sendAll();
  try {
    settings().mailFrom = "Campaign <petition@verified.example>";
    await sendAll();
    expect(resend.accepted).toHaveLength(1);
    expect(await states()).toEqual(["sent"]);
  } finally {
    settings().mailFrom = before;
  }
});

test("counts an outage, slowness or used-up quota of the provider, without bothering the desk", async () => {
  await signAs("a@example.net");
  for (const mode of ["500", "429", "quota"] as const) {
    resend.fail(mode, 1);
    await database().$executeRaw`UPDATE mail_pause SET paused_until = NULL`;
    await sendAll();
  }
  expect([await failuresOf("no-answer"), await failuresOf("rate-limit"), await failuresOf("quota")]).toEqual([
    1, 1, 1,
  ]);
  expect(await shownTo("owner")).toBe(NOTHING);
});

test("shows what is refused and what is stopped on the overview, to owners and viewers", async () => {
  resend.fail("domain", 1);
  await signAs("a@example.net");
  await sendAll();
  await stopMail(null);
  try {
    for (const role of ["owner", "viewer"] as const) {
      const headers = { accept: "text/html", cookie: await sessionOf(role) };
      const request = new Request(`${settings().siteUrl}/admin/${CAMPAIGN_SLUG}`, { headers });
      const page = await (await deskRoute("[campaign]").GET(request)).text();
      expect(page).toContain("has not verified our domain");
      expect(page).toContain("Mail is stopped");
      expect(page.includes("Let mail go out"), role).toBe(role === "owner");
    }
  } finally {
    await resumeMail(null);
  }
});

describe("a worker with a wrong key", () => {
  const worker = (apiKey: string) =>
    startProgram("worker", [], { RESEND_API_KEY: apiKey, RESEND_BASE_URL: resend.url });

  test("logs the failure once however often it tries, keeps all mail, and sends it with the right key", async () => {
    await signAs("a@example.net");
    const wrong = worker("re_wrong_key_of_ours");
    try {
      const retried = async () => {
        await skipWaiting();
        return failuresOf("key");
      };
      await expect.poll(retried, { timeout: 20_000 }).toBeGreaterThan(3);
    } finally {
      await wrong.stop();
    }
    const told = wrong
      .output()
      .split("\n")
      .filter((line) => line.includes("mail is refused"));
    expect(told).toHaveLength(1);
    expect(told[0]).toContain("RESEND_API_KEY");
    expect(wrong.output()).not.toMatch(/example\.net|re_wrong/);
    expect(await states()).toEqual(["batched"]);
    expect(await shownTo("owner")).toContain("refuses our key");

    await skipWaiting();
    const right = worker(resend.apiKey);
    try {
      await expect.poll(() => resend.accepted.length, { timeout: 20_000 }).toBe(1);
      await expect.poll(() => right.output(), { timeout: 20_000 }).toContain("mail goes out again");
    } finally {
      await right.stop();
    }
    expect(await shownTo("owner")).toBe(NOTHING);
  });
});
