import { PathnameContext } from "next/dist/shared/lib/hooks-client-context.shared-runtime";
import { createElement, type ReactElement } from "react";
import { describe, expect, test, vi } from "vitest";
import { POST as enrolForm, GET as enrolPage } from "@/app/admin/enrol/[token]/route";
import DeskLayout from "@/app/admin/layout";
import {
  changeOwnPassword,
  endOneSession,
  endOtherSessions,
  setOwnTimeZone,
} from "@/app/admin/settings/account/actions";
import AccountPage from "@/app/admin/settings/account/page";
import AuditPage from "@/app/admin/settings/audit/page";
import TeamPage from "@/app/admin/settings/team/page";
import { POST as signOut } from "@/app/admin/sign-out/route";
import { GET as auditExport } from "@/app/api/admin/audit/route";
import { GET as exportRoute } from "@/app/api/admin/petitions/[slug]/export/route";
import { GET as packetRoute } from "@/app/api/admin/petitions/[slug]/packet/route";
import { addAccount, resetAccount } from "@/lib/accounts/accounts";
import { FAILURES_BEFORE_WAITING } from "@/lib/accounts/factors";
import { proveAgain } from "@/lib/accounts/sign-in";
import { addToken } from "@/lib/accounts/tokens";
import { database } from "@/lib/db/client";
import { EXPORTS_AT_ONCE, EXPORTS_OF_ONE } from "@/lib/export/slots";
import { useDatabase } from "@/tests/support/application";
import { CAMPAIGN_SLUG } from "@/tests/support/campaign";
import { codeOf, freshCode } from "@/tests/support/codes";
import {
  asked,
  attempt,
  CLIENT,
  cookieFor,
  type Enrolled,
  enrolled,
  failCodes,
  followed,
  invited,
  nextStep,
  offered,
  PASSWORD,
  posted,
  quietSessionOf,
  renewedCookie,
  sessionOf,
  statusOf,
  stopClock,
} from "@/tests/support/desk";
import { type Acted, send, show } from "@/tests/support/desk-pages";
import { deskRoute } from "@/tests/support/routes";

useDatabase();
const team = deskRoute("settings/team");

const NEW_PASSWORD = "other words of some kind";

async function lastEntry(action: string) {
  const entry = await database().auditEntry.findFirstOrThrow({
    where: { action },
    orderBy: { sequence: "desc" },
  });
  return { ...entry, detail: JSON.parse(entry.detail) as unknown };
}

const locationOf = (answer: Response) => [answer.status, answer.headers.get("location")];

describe("signing in", () => {
  test("ends the browser's previous session, whoever it belonged to, and no other", async () => {
    const [before, now] = [await enrolled("owner"), await enrolled("viewer")];
    const [inBrowser, elsewhere] = [await sessionOf(before), await sessionOf(before)];
    const code = await freshCode(now.secret);
    expect((await attempt(now.email, code, PASSWORD, CLIENT, inBrowser.cookie)).kind).toBe("signed-in");
    expect(await statusOf(asked({ cookie: inBrowser.cookie }))).toBe(401);
    expect(await statusOf(asked({ cookie: elsewhere.cookie }))).toBe(200);
    expect((await lastEntry("session.begin")).detail).toMatchObject({ ended: inBrowser.id });
  });

  test("leaves the browser's session alone when it is refused", async () => {
    const account = await enrolled("viewer");
    const { cookie } = await sessionOf(account);
    expect((await attempt(account.email, "000000", PASSWORD, CLIENT, cookie)).kind).toBe("refused");
    expect(await statusOf(asked({ cookie }))).toBe(200);
  });

  test("refuses the code used for the enrolment, and accepts the next one", async () => {
    const email = `new.${crypto.randomUUID()}@example.org`;
    const { token, secret, sealedSecret } = await offered(await invited(email, "viewer"));
    stopClock();
    expect((await followed({ token, sealedSecret, code: codeOf(secret) })).kind).toBe("enrolled");
    expect((await attempt(email, codeOf(secret))).kind).toBe("refused");
    nextStep();
    expect((await attempt(email, codeOf(secret))).kind).toBe("signed-in");
  });
});

test("renews the session when a code is given again: the old cookie is void, the time limit stays", async () => {
  const account = await enrolled("exporter");
  const { id, cookie } = await quietSessionOf(account);
  const { createdAt } = await database().adminSession.findUniqueOrThrow({ where: { id } });
  const proof = await proveAgain(asked({ cookie }), await freshCode(account.secret));
  if (proof.kind !== "proved") throw new Error(proof.kind);
  expect(await statusOf(asked({ cookie }))).toBe(401);
  expect(await statusOf(asked({ cookie: await cookieFor(proof.sessionToken) }))).toBe(200);
  const session = await database().adminSession.findUniqueOrThrow({ where: { id } });
  expect(session.createdAt).toEqual(createdAt);
  expect((await lastEntry("session.prove")).detail).toEqual({ session: id, factor: "authenticator" });
});

test("ends the session on sign-out and has the browser clear its data", async () => {
  const { cookie } = await sessionOf(await enrolled("viewer"));
  const answer = await signOut(posted("/admin/sign-out", cookie, {}));
  expect(locationOf(answer)).toEqual([303, "/admin/sign-in"]);
  expect(answer.headers.get("clear-site-data")).toBe('"cache", "cookies", "storage"');
  expect(answer.headers.getSetCookie()).toEqual([expect.stringMatching(/=; .*Max-Age=0/)]);
  expect(await statusOf(asked({ cookie }))).toBe(401);
});

describe("a password change", () => {
  const change = (cookie: string, fields: Record<string, string>) =>
    send(changeOwnPassword, { cookie }, { present: PASSWORD, password: NEW_PASSWORD, ...fields });
  const refusedField = ({ state }: Acted) => (state?.kind === "invalid" ? state.mistakes[0]?.field : null);

  test("needs the current password and a code, and ends every other session", async () => {
    const account = await enrolled("viewer");
    const [here, elsewhere] = [await sessionOf(account), await sessionOf(account)];
    const changed = await change(here.cookie, { code: await freshCode(account.secret) });
    expect(changed.state?.kind).toBe("done");
    for (const { cookie } of [here, elsewhere]) expect(await statusOf(asked({ cookie }))).toBe(401);
    expect(await statusOf(asked({ cookie: changed.cookies[0]?.split(";")[0] ?? "" }))).toBe(200);
    expect(await lastEntry("account.password")).toMatchObject({ actorId: account.id, subject: account.id });
    const [one = "", other = ""] = account.recoveryCodes;
    expect((await attempt(account.email, one)).kind).toBe("refused");
    expect((await attempt(account.email, other, NEW_PASSWORD)).kind).toBe("signed-in");
  });

  test("is refused for a wrong password or code, and for a weak new password", async () => {
    const account = await enrolled("viewer");
    const { cookie } = await sessionOf(account);
    const [code = ""] = account.recoveryCodes;
    const hash = async () =>
      (await database().adminAccount.findUniqueOrThrow({ where: { id: account.id } })).passwordHash;
    const before = await hash();
    for (const [wrong, field] of [
      [{ present: "not the present one", code }, "present"],
      [{ code: "000000" }, "present"],
      [{ code: "" }, "present"],
      [{ password: "password1234", code }, "password"],
    ] as const) {
      expect(refusedField(await change(cookie, wrong))).toBe(field);
    }
    expect(await hash()).toBe(before);
    expect(await statusOf(asked({ cookie }))).toBe(200);
    expect((await change(cookie, { code })).state?.kind).toBe("done");
  });

  test("cannot be used to guess the password: the tenth failure makes the account wait", async () => {
    const account = await enrolled("viewer");
    const { cookie } = await sessionOf(account);
    await failCodes(account, FAILURES_BEFORE_WAITING - 1, "");
    expect(refusedField(await change(cookie, { present: "a wrong password", code: "000000" }))).toBe(
      "present",
    );
    expect(refusedField(await change(cookie, { code: account.recoveryCodes[0] ?? "" }))).toBe("present");
  });
});

describe("your own sessions", () => {
  const endOne = (cookie: string, session: string) => send(endOneSession, { cookie }, { session });
  const endOthers = (cookie: string, fields = {}) => send(endOtherSessions, { cookie }, fields);

  test("are listed with this one marked, and without anybody else's", async () => {
    const account = await enrolled("viewer");
    const [here, elsewhere] = [await sessionOf(account), await sessionOf(account)];
    const others = await sessionOf(await enrolled("viewer"));
    const { html } = await show(AccountPage, { cookie: here.cookie }, {});
    expect(html).toContain("this one");
    expect([elsewhere, here, others].map(({ id }) => html.includes(id))).toEqual([true, false, false]);
  });

  test("can be ended one by one or all but this one, and nobody else's can", async () => {
    const account = await enrolled("viewer");
    const [here, one, two, three] = [
      await sessionOf(account),
      await sessionOf(account),
      await sessionOf(account),
      await sessionOf(account),
    ];
    const others = await sessionOf(await enrolled("viewer"));
    const open = async () =>
      Promise.all([here, one, two, three, others].map(({ cookie }) => statusOf(asked({ cookie }))));
    for (const { id } of [one, others]) expect((await endOne(here.cookie, id)).state?.kind).toBe("done");
    expect(await open()).toEqual([200, 401, 200, 200, 200]);
    expect((await lastEntry("session.end")).detail).toEqual({ session: one.id });
    expect((await endOthers(here.cookie)).state?.kind).toBe("done");
    expect(await open()).toEqual([200, 401, 401, 401, 200]);
  });

  test("can be ended only with a recent code", async () => {
    const account = await enrolled("viewer");
    const [here, elsewhere] = [await quietSessionOf(account), await sessionOf(account)];
    for (const code of ["", "000000"]) {
      const { state } = await endOthers(here.cookie, { code });
      expect(state).toMatchObject({ kind: "asking", code: { refused: code !== "" } });
    }
    expect(await statusOf(asked({ cookie: elsewhere.cookie }))).toBe(200);
    const code = await freshCode(account.secret);
    const ended = await endOthers(here.cookie, { code });
    expect(ended.state?.kind).toBe("done");
    expect(await statusOf(asked({ cookie: elsewhere.cookie }))).toBe(401);
    expect(await statusOf(asked({ cookie: ended.cookies[0]?.split(";")[0] ?? "" }))).toBe(200);
  });
});

describe("the Team page", () => {
  const send = (cookie: string, fields: Record<string, string>) =>
    team.POST(posted("/admin/settings/team", cookie, fields));

  /** All that lets somebody in. */
  async function letIn() {
    const [accounts, links, tokens] = [
      await database().adminAccount.findMany({ orderBy: { id: "asc" } }),
      await database().adminEnrolment.findMany({ orderBy: { accountId: "asc" } }),
      await database().apiToken.findMany({ orderBy: { id: "asc" } }),
    ];
    return { accounts, links, tokens };
  }

  test("grants and removes access only with a recent code, and keeps what was typed", async () => {
    const owner = await enrolled("owner");
    const viewer = await enrolled("viewer");
    const { cookie } = await quietSessionOf(owner);
    const before = await letIn();
    for (const fields of [
      { action: "add", email: "invited@example.org", role: "viewer" },
      { action: "reset", lost: "password", email: viewer.email },
      { action: "reset", lost: "authenticator", email: viewer.email },
      { action: "remove", email: viewer.email },
      { action: "add-token", token: "nightly", role: "exporter", days: "30" },
    ]) {
      for (const code of ["", "000000"]) {
        const answer = await send(cookie, { ...fields, code, confirmed: "yes" });
        expect(answer.status).toBe(422);
        const page = await answer.text();
        for (const [name, value] of Object.entries(fields))
          expect(page).toContain(`type="hidden" name="${name}" value="${value}"`);
        expect(page.includes("this code was not accepted")).toBe(code !== "");
        await database().adminFailure.deleteMany();
      }
    }
    expect(await letIn()).toEqual(before);
    const code = await freshCode(owner.secret);
    const invitation = await send(cookie, {
      action: "add",
      email: "invited@example.org",
      role: "viewer",
      code,
    });
    expect(await invitation.json()).toMatchObject({
      kind: "done",
      secret: { text: expect.stringContaining("/admin/enrol/") as unknown },
    });
    const removal = { action: "remove", email: viewer.email };
    expect(await (await send(renewedCookie(invitation), removal)).text()).toContain("Remove 1 person?");
    expect(await database().adminAccount.count({ where: { email: viewer.email, removedAt: null } })).toBe(1);
    const went = await send(renewedCookie(invitation), { ...removal, confirmed: "yes" });
    expect(await went.json()).toMatchObject({ kind: "done" });
    expect(await database().adminAccount.count({ where: { email: viewer.email, removedAt: null } })).toBe(0);
  });

  test("ends sessions and revokes tokens at once, without a code", async () => {
    const { cookie } = await quietSessionOf(await enrolled("owner"));
    const session = await sessionOf(await enrolled("viewer"));
    expect((await send(cookie, { action: "end-session", session: session.id })).status).toBe(303);
    expect(await statusOf(asked({ cookie: session.cookie }))).toBe(401);
    await addToken("to revoke", "viewer", 1);
    expect((await send(cookie, { action: "revoke-token", token: "to revoke" })).status).toBe(303);
    const page = await (await team.GET(asked({ cookie }))).text();
    expect(page).toContain("revoked");
  });
});

describe("a form on the Team page", () => {
  const send = (cookie: string, fields: Record<string, string>) =>
    team.POST(posted("/admin/settings/team", cookie, { confirmed: "yes", ...fields }));

  test("shows a new link or token once, and on no later page", async () => {
    const { cookie } = await sessionOf(await enrolled("owner"));
    for (const fields of [
      { action: "add", email: ` once.${crypto.randomUUID()}@Example.org`, role: "viewer" },
      { action: "reset", email: (await enrolled("viewer")).email, lost: "password" },
      { action: "add-token", token: crypto.randomUUID(), role: "viewer", days: "1" },
    ]) {
      const { secret } = (await (await send(cookie, fields)).json()) as { secret: { text: string } };
      expect(secret.text).toMatch(/[\w-]{43}$/);
      const page = await (await team.GET(asked({ cookie }))).text();
      expect([page.includes("<h1>Team</h1>"), page.includes(secret.text)]).toEqual([true, false]);
    }
  });

  test("names the wrong field and keeps what was typed", async () => {
    const owner = await enrolled("owner");
    const { cookie } = await sessionOf(owner);
    const token = { action: "add-token", token: "fields", role: "viewer", days: "30" };
    for (const [fields, field] of [
      [{ action: "add", email: "not an address", role: "viewer" }, "email"],
      [{ action: "add", email: "new@example.org", role: "king" }, "role"],
      [{ action: "add", email: owner.email, role: "viewer" }, "email"],
      [{ ...token, token: "-" }, "token"],
      [{ ...token, days: "0" }, "days"],
      [{ ...token, days: "1.5" }, "days"],
      [{ ...token, days: "" }, "days"],
      [{ action: "reset", email: owner.email, lost: "both" }, "lost"],
      [{ action: "end-session", session: "none" }, "session"],
    ] as const) {
      const answer = await send(cookie, fields);
      const mistake: unknown = expect.objectContaining({ field });
      expect([answer.status, await answer.json()]).toMatchObject([
        422,
        { mistakes: [mistake], typed: fields },
      ]);
    }
  });

  test("removes and resets neither its sender nor an unknown person", async () => {
    await enrolled("owner");
    const owner = await enrolled("owner");
    const { cookie } = await sessionOf(owner);
    for (const email of [owner.email, ` ${owner.email.toUpperCase()}`, "unknown@example.org"]) {
      expect((await send(cookie, { action: "remove", email })).status).toBe(410);
      expect((await send(cookie, { action: "reset", email, lost: "authenticator" })).status).toBe(410);
    }
    expect(await statusOf(asked({ cookie }))).toBe(200);
  });
});

describe("your own time zone", () => {
  const choose = (cookie: string, timeZone: string) => send(setOwnTimeZone, { cookie }, { timeZone });

  /** Opens a page within the desk's frame, which says in which zone times are shown. */
  async function within<Props>(
    page: (props: Props) => Promise<ReactElement>,
    cookie: string,
    props: Props,
  ): Promise<string> {
    const framed = async (given: Props) => {
      const frame = await DeskLayout({ children: await page(given) });
      return createElement(PathnameContext.Provider, { value: "/admin" }, frame);
    };
    return (await show(framed, { cookie }, props)).html;
  }

  test("is UTC at first, and pages show times in the chosen one", async () => {
    const account = await enrolled("owner");
    const { id, cookie } = await sessionOf(account);
    await database().adminSession.update({
      where: { id },
      data: { createdAt: new Date(Math.floor(Date.now() / 3_600_000) * 3_600_000) },
    });
    const { createdAt } = await database().adminSession.findUniqueOrThrow({ where: { id } });
    const inKabul = new Date(createdAt.getTime() + 4.5 * 3_600_000);
    const [utc, kabul] = [createdAt, inKabul].map((at) => at.toISOString().slice(0, 16).replace("T", " "));
    const searchParams = Promise.resolve({});
    const pages = async () => [
      await within(TeamPage, cookie, {}),
      await within(AuditPage, cookie, { params: Promise.resolve({}), searchParams }),
      await within(AccountPage, cookie, {}),
    ];
    for (const page of await pages()) expect(page).toMatch(/in the time zone (?:<!-- -->)?UTC/);
    expect((await pages())[0]).toContain(`>${utc}</time></td>`);
    expect((await choose(cookie, "Asia/Kabul")).state?.kind).toBe("done");
    for (const page of await pages()) expect(page).toMatch(/in the time zone (?:<!-- -->)?Asia\/Kabul/);
    expect((await pages())[0]).toContain(`>${kabul}</time></td>`);
    expect(await lastEntry("account.time-zone")).toMatchObject({
      actorId: account.id,
      subject: account.id,
      detail: { timeZone: "Asia/Kabul" },
    });
  });

  test("must exist, and can be changed only for yourself", async () => {
    const [one, other] = [await enrolled("viewer"), await enrolled("viewer")];
    const { cookie } = await sessionOf(one);
    for (const unknown of ["", "Nowhere/City", "+04:30", "utc", "UTC\0x"])
      expect((await choose(cookie, unknown)).state).toMatchObject({
        kind: "invalid",
        mistakes: [{ field: "timeZone" }],
      });
    await choose(cookie, "Asia/Karachi");
    const zones = await database().adminAccount.findMany({
      where: { id: { in: [one.id, other.id] } },
      select: { id: true, timeZone: true },
    });
    expect(new Map(zones.map(({ id, timeZone }) => [id, timeZone]))).toEqual(
      new Map([
        [one.id, "Asia/Karachi"],
        [other.id, "UTC"],
      ]),
    );
  });
});

describe("an access reset", () => {
  async function reset(account: Enrolled, lost: "password" | "authenticator"): Promise<string> {
    const outcome = await resetAccount(account.email, lost);
    if (outcome.kind !== "reset") throw new Error(outcome.kind);
    return outcome.link.split("/").at(-1) ?? "";
  }
  const recoveryCodesOf = ({ id }: Enrolled) =>
    database().adminRecoveryCode.count({ where: { accountId: id } });

  test("asks for a code of the existing authenticator to set a new password, and keeps the authenticator", async () => {
    const account = await enrolled("viewer");
    const token = await reset(account, "password");
    stopClock();
    const used = codeOf(account.secret);
    expect((await attempt(account.email, used)).kind).toBe("signed-in");
    for (const code of ["", "000000", used])
      expect(await followed({ token, password: NEW_PASSWORD, code })).toEqual({
        kind: "invalid",
        password: null,
        code: "wrong",
      });
    const weak = await followed({ token, password: "short", code: account.recoveryCodes[0] ?? "" });
    expect(weak).toEqual({ kind: "invalid", password: "short", code: null });
    nextStep();
    const form = { token, password: NEW_PASSWORD, code: codeOf(account.secret) };
    expect(await followed(form)).toEqual({ kind: "password-set" });
    expect(await followed(form)).toEqual({ kind: "expired" });
    expect(await recoveryCodesOf(account)).toBe(10);
    nextStep();
    expect((await attempt(account.email, codeOf(account.secret))).kind).toBe("refused");
    expect((await attempt(account.email, codeOf(account.secret), NEW_PASSWORD)).kind).toBe("signed-in");
  });

  test("accepts a recovery code once for a new password, and ends all sessions", async () => {
    const account = await enrolled("viewer");
    const token = await reset(account, "password");
    const { cookie } = await sessionOf(account);
    const [code = ""] = account.recoveryCodes;
    expect(await followed({ token, password: NEW_PASSWORD, code })).toEqual({ kind: "password-set" });
    expect(await statusOf(asked({ cookie }))).toBe(401);
    expect((await attempt(account.email, code, NEW_PASSWORD)).kind).toBe("refused");
  });

  test("cannot be used to guess codes: the tenth wrong code makes the link wait", async () => {
    const account = await enrolled("viewer");
    const token = await reset(account, "password");
    const [code = ""] = account.recoveryCodes;
    await failCodes(account, FAILURES_BEFORE_WAITING - 1, CLIENT);
    expect((await followed({ token, password: NEW_PASSWORD, code: "000000" })).kind).toBe("invalid");
    expect((await followed({ token, password: NEW_PASSWORD, code })).kind).toBe("invalid");
  });

  test("asks for the current password to set a new authenticator, and voids the old app and codes", async () => {
    const account = await enrolled("viewer");
    const { cookie } = await sessionOf(account);
    const { token, secret, sealedSecret } = await offered(await reset(account, "authenticator"));
    expect(await statusOf(asked({ cookie }))).toBe(401);
    stopClock();
    const code = codeOf(secret);
    const wrong = await followed({ token, sealedSecret, code, password: "not the present one" });
    expect(wrong).toEqual({ kind: "invalid", password: "wrong", code: null });
    const foreign = await followed({ token, sealedSecret, code: codeOf(account.secret) });
    expect(foreign).toEqual({ kind: "invalid", password: null, code: "wrong" });
    const outcome = await followed({ token, sealedSecret, code });
    if (outcome.kind !== "enrolled") throw new Error(outcome.kind);
    expect(new Set(outcome.recoveryCodes).size).toBe(10);
    nextStep();
    expect((await attempt(account.email, codeOf(account.secret))).kind).toBe("refused");
    expect((await attempt(account.email, account.recoveryCodes[0] ?? "")).kind).toBe("refused");
    expect((await attempt(account.email, codeOf(secret))).kind).toBe("signed-in");
  });

  test("gives a link that a later one replaces, and invites again whoever has not set up access", async () => {
    const account = await enrolled("viewer");
    const [first, second] = [await reset(account, "password"), await reset(account, "authenticator")];
    const page = async (token: string) =>
      (
        await enrolPage(new Request(`http://localhost/admin/enrol/${token}`), {
          params: Promise.resolve({ token }),
        })
      ).text();
    expect(await page(first)).toContain("This link no longer works");
    expect(await page(second)).toContain("Set up a new authenticator");
    expect(await page(await reset(account, "password"))).toContain("Set a new password");
    const email = `late.${crypto.randomUUID()}@example.org`;
    await addAccount(email, "viewer");
    const again = await resetAccount(email, "authenticator");
    expect((await offered(again.kind === "reset" ? again.link : "")).kind).toBe("both");
  });

  test("says on its page what was set, and shows mistakes beside the field", async () => {
    const account = await enrolled("viewer");
    const token = await reset(account, "password");
    const send = (code: string) =>
      enrolForm(posted(`/admin/enrol/${token}`, "", { password: NEW_PASSWORD, code }), {
        params: Promise.resolve({ token }),
      });
    const refused = await send("000000");
    expect([refused.status, (await refused.text()).includes('id="code-error"')]).toEqual([422, true]);
    const taken = await send(account.recoveryCodes[0] ?? "");
    expect([taken.status, (await taken.text()).includes("Your new password is set")]).toEqual([200, true]);
  });
});

describe("exports", () => {
  const params = Promise.resolve({ slug: CAMPAIGN_SLUG });
  const address = `http://localhost/api/admin/petitions/${CAMPAIGN_SLUG}`;
  const ask = (headers: Record<string, string>, method = "GET") =>
    exportRoute(new Request(`${address}/export?status=all`, { method, headers }), { params });
  const askPacket = (headers: Record<string, string>) =>
    packetRoute(new Request(`${address}/packet`, { headers }), { params });
  const askLog = (headers: Record<string, string>) =>
    auditExport(new Request("http://localhost/api/admin/audit", { headers }));

  test("are limited at a time, per account and in total, and free their slot when the file ends", async () => {
    const { cookie } = await sessionOf(await enrolled("exporter"));
    const own = await Promise.all(Array.from({ length: EXPORTS_OF_ONE }, () => ask({ cookie })));
    expect(own.map(({ status }) => status)).toEqual(own.map(() => 200));
    for (const answer of [await ask({ cookie }), await askPacket({ cookie })]) {
      expect([answer.status, answer.headers.get("retry-after")]).toEqual([429, "10"]);
      expect(await answer.json()).toMatchObject({ error: "too_many_exports" });
    }
    const inBrowser = await ask({ cookie, accept: "text/html" });
    expect([inBrowser.status, inBrowser.headers.get("retry-after")]).toEqual([429, "10"]);
    expect(await inBrowser.text()).toContain("Your other exports are still running");

    const others: Response[] = [];
    while (own.length + others.length < EXPORTS_AT_ONCE)
      others.push(await ask({ cookie: (await sessionOf(await enrolled("exporter"))).cookie }));
    const late = await sessionOf(await enrolled("exporter"));
    for (const answer of [await ask(late), await askPacket(late)])
      expect([answer.status, answer.headers.get("retry-after")]).toEqual([503, "10"]);

    await own[0]?.text();
    const next = await ask(late);
    expect(next.status).toBe(200);
    for (const { body } of [next, ...own.slice(1), ...others]) await body?.cancel();
    expect((await askPacket({ cookie })).status).toBe(200);
    for (let asking = 0; asking <= EXPORTS_OF_ONE; asking++) {
      expect((await ask({ cookie }, "HEAD")).status).toBe(200);
      const unknown = await exportRoute(asked({ cookie }), { params: Promise.resolve({ slug: "none" }) });
      expect(unknown.status).not.toBe(429);
    }
  });

  test("are not run by session cookie for another site's page, while a script with a token needs no page", async () => {
    const { cookie } = await sessionOf(await enrolled("exporter"));
    const made = await addToken(crypto.randomUUID(), "exporter", 1);
    const authorization = `Bearer ${made.kind === "made" ? made.token : ""}`;
    for (const route of [ask, askPacket, askLog]) {
      for (const site of ["cross-site", "same-site"]) {
        const before = await database().auditEntry.count();
        for (const accept of ["*/*", "text/html"])
          expect((await route({ cookie, accept, "sec-fetch-site": site })).status).toBe(403);
        expect(await database().auditEntry.count()).toBe(before);
        const file = await route({ authorization, "sec-fetch-site": site });
        expect(file.status).toBe(200);
        await file.body?.cancel();
      }
      for (const site of [{}, { "sec-fetch-site": "same-origin" }, { "sec-fetch-site": "none" }]) {
        const file = await route({ cookie, ...site });
        expect(file.status).toBe(200);
        await file.body?.cancel();
      }
    }
  });
});

describe("the log", () => {
  /** What is written while something is done, line by line. */
  async function logged(work: () => Promise<unknown>): Promise<Record<string, unknown>[]> {
    const lines: string[] = [];
    const written = vi
      .spyOn(process.stderr, "write")
      .mockImplementation((text) => lines.push(String(text)) > 0);
    await work();
    written.mockRestore();
    return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
  }

  test("records what a sign-in was made with, as the audit log does", async () => {
    const account = await enrolled("viewer");
    const [code = ""] = account.recoveryCodes;
    const authenticators = await freshCode(account.secret);
    for (const [given, factor] of [
      [authenticators, "authenticator"],
      [code, "recovery-code"],
    ] as const) {
      expect(await logged(() => attempt(account.email, given))).toMatchObject([
        { event: "sign-in", account: account.id, factor },
      ]);
      expect((await lastEntry("session.begin")).detail).toMatchObject({ factor });
    }
  });

  test("records each use of a token by its id, and each refusal with its reason, without the path", async () => {
    const made = await addToken(crypto.randomUUID(), "owner", 1);
    const token = made.kind === "made" ? made.token : "";
    const { id } = await database().apiToken.findFirstOrThrow({ orderBy: { createdAt: "desc" } });
    const viewer = await enrolled("viewer");
    const { cookie } = await sessionOf(viewer);
    const authorization = `Bearer ${token}`;
    const lines = await logged(async () => {
      await statusOf(asked({ authorization }, "GET", `/api/admin/petitions/${CAMPAIGN_SLUG}/figures`));
      await statusOf(asked({ authorization }, "POST"));
      await statusOf(asked({ authorization: `${authorization}x` }));
      await statusOf(asked({ cookie }), "run");
      await statusOf(asked({ cookie, origin: "https://elsewhere.example" }, "POST"));
      await statusOf(asked({}));
    });
    expect(lines).toMatchObject([
      { event: "token used", token: id },
      { event: "access refused", why: "token", token: id },
      { event: "access refused", why: "unknown token" },
      { event: "access refused", why: "role", account: viewer.id, role: "viewer", needed: "run" },
      { event: "attempt", kind: "foreign-post" },
      { event: "access refused", why: "origin", account: viewer.id },
    ]);
    for (const secret of [token, viewer.email, "/admin", cookie.split("=")[1] ?? ""])
      expect(JSON.stringify(lines)).not.toContain(secret);
  });
});
