import { describe, expect, test } from "vitest";
import { changeOwnPassword } from "@/app/admin/settings/account/actions";
import { resetAccount } from "@/lib/accounts/accounts";
import { WRONG_CODES_MAX } from "@/lib/accounts/sessions";
import { database } from "@/lib/db/client";
import { CLIENT_ADDRESS_HEADER } from "@/lib/http/request";
import { useDatabase } from "@/tests/support/application";
import { codeOf } from "@/tests/support/codes";
import {
  asked,
  attempt,
  CLIENT,
  type Enrolled,
  enrolled,
  followed,
  nextStep,
  PASSWORD,
  posted,
  quietSessionOf,
  sessionOf,
  statusOf,
  stopClock,
} from "@/tests/support/desk";
import { send } from "@/tests/support/desk-pages";
import { deskRoute } from "@/tests/support/routes";
import { sessionOf as someSession } from "@/tests/support/session";

useDatabase();

const { POST: codeForm } = deskRoute("");
const { GET: desk } = deskRoute("[campaign]");

/** Each sign-in hashes a password, and there are many. */
const SLOW_MILLISECONDS = 120_000;
const networkOf = (number: number) => `10.9.${number}.1`;
const alarms = async () => (await desk(asked({ cookie: await someSession("exporter") }))).text();
const alarmsOnRecord = () => database().auditEntry.count({ where: { action: "alarm.codes" } });

/** A code that is none of those an app shows within minutes. */
function wrongCode({ secret }: Enrolled): string {
  const near = new Set(Array.from({ length: 41 }, (_, place) => codeOf(secret, place - 20)));
  for (let code = 0; ; code++) {
    const text = String(code).padStart(6, "0");
    if (!near.has(text)) return text;
  }
}

function given(cookie: string, code: string, client: string): Promise<Response> {
  const form = posted("/admin", cookie, { action: "code", back: "/admin", code });
  form.headers.set(CLIENT_ADDRESS_HEADER, client);
  return codeForm(form);
}

describe("S11: a thief who guesses codes in a stolen session", () => {
  test("is signed out at the tenth guess, from however many networks, and the right code then opens nothing", async () => {
    const account = await enrolled("exporter");
    stopClock();
    const { cookie } = await quietSessionOf(account);
    const before = await alarmsOnRecord();
    const wrong = wrongCode(account);
    const answers = await Promise.all(
      Array.from({ length: 80 }, (_, network) => given(cookie, wrong, networkOf(network))),
    );
    expect(answers.filter(({ status }) => status === 422).length).toBeLessThan(WRONG_CODES_MAX);
    expect(await statusOf(asked({ cookie }))).toBe(401);
    const late = await given(cookie, codeOf(account.secret), "192.0.2.200");
    expect(late.headers.get("location")).toContain("/admin/sign-in");
    expect(await alarmsOnRecord()).toBe(before + 1);
    expect(await alarms()).toContain(`A session of ${account.email} gave ten wrong codes`);
  });

  test("is signed out just as soon when guessing through a password change", async () => {
    const account = await enrolled("viewer");
    const { cookie } = await sessionOf(account);
    await database().$executeRaw`UPDATE admin_session SET wrong_codes = ${WRONG_CODES_MAX - 1}`;
    const fields = { present: PASSWORD, password: "other words of some kind", code: "000000" };
    const { location } = await send(changeOwnPassword, { cookie }, fields);
    expect(location).toBe("/admin/sign-in?ended=codes");
    expect(await statusOf(asked({ cookie }))).toBe(401);
  });

  test("locks nobody out: the owner can sign in, and their other sessions stay open", async () => {
    const account = await enrolled("viewer");
    stopClock();
    const [theirs, other] = [await quietSessionOf(account), await sessionOf(account)];
    for (let guess = 0; guess < WRONG_CODES_MAX; guess++)
      await given(theirs.cookie, wrongCode(account), networkOf(guess));
    expect(await statusOf(asked({ cookie: theirs.cookie }))).toBe(401);
    expect(await statusOf(asked({ cookie: other.cookie }))).toBe(200);
    expect((await attempt(account.email, codeOf(account.secret))).kind).toBe("signed-in");
  });
});

describe("S11: a thief who guesses codes with a stolen password", () => {
  test(
    "gets ten guesses a day from all networks and raises an alarm, while the owner signs in from a known network or with a recovery code",
    async () => {
      const account = await enrolled("viewer");
      const bystander = await enrolled("viewer");
      stopClock();
      await sessionOf(account, CLIENT);
      const before = await alarmsOnRecord();
      for (let guess = 0; guess < WRONG_CODES_MAX; guess++)
        expect((await attempt(account.email, wrongCode(account), PASSWORD, networkOf(guess))).kind).toBe(
          "refused",
        );
      expect(await alarmsOnRecord()).toBe(before + 1);
      expect(await alarms()).toContain(`ten wrong codes for ${account.email}`);
      // Even the right code is refused there now: whoever guesses on never learns that it was.
      const right = codeOf(account.secret);
      expect((await attempt(account.email, right, PASSWORD, networkOf(200))).kind).toBe("refused");
      expect((await attempt(account.email, right, PASSWORD, CLIENT)).kind).toBe("signed-in");
      const [recovery = ""] = account.recoveryCodes;
      expect((await attempt(account.email, recovery, PASSWORD, networkOf(201))).kind).toBe("signed-in");
      const others = await attempt(bystander.email, codeOf(bystander.secret), PASSWORD, networkOf(202));
      expect(others.kind).toBe("signed-in");
    },
    SLOW_MILLISECONDS,
  );

  test("gets no extra guesses through a password reset link", async () => {
    const account = await enrolled("viewer");
    const reset = await resetAccount(account.email, "password");
    const token = reset.kind === "reset" ? (reset.link.split("/").at(-1) ?? "") : "";
    const given = (code: string, network: number) =>
      followed({ token, password: "other words of some kind", code, client: networkOf(network) });
    await database().$executeRaw`
      UPDATE admin_account SET wrong_codes = ${WRONG_CODES_MAX - 1}, wrong_code_at = now() WHERE id = ${account.id}::uuid`;
    const before = await alarmsOnRecord();
    expect((await given(wrongCode(account), 1)).kind).toBe("invalid");
    expect(await alarmsOnRecord()).toBe(before + 1);
    stopClock();
    expect((await given(codeOf(account.secret), 2)).kind).toBe("invalid");
  });

  test("is not told that the password was right, or that a code is a minute old", async () => {
    const account = await enrolled("viewer");
    stopClock();
    expect(await attempt(account.email, codeOf(account.secret, -4))).toEqual(
      await attempt(account.email, wrongCode(account), "a wrong password"),
    );
  });

  test("cannot use a code before its time", async () => {
    const account = await enrolled("viewer");
    stopClock();
    const { cookie } = await quietSessionOf(account);
    const ahead = codeOf(account.secret, 2);
    const hint = await given(cookie, ahead, CLIENT);
    expect([hint.status, (await hint.text()).includes("clock to automatic")]).toEqual([422, true]);
    nextStep();
    nextStep();
    expect((await given(cookie, ahead, CLIENT)).status).toBe(422);
  });
});
