import { setImmediate as afterOthers } from "node:timers/promises";
import { encode } from "next-auth/jwt";
import { Client } from "pg";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { POST as enrolForm } from "@/app/admin/enrol/[token]/route";
import { searchIn } from "@/app/admin/settings/audit/search";
import { GET as exportRoute } from "@/app/api/admin/petitions/[slug]/export/route";
import { GET as packetRoute } from "@/app/api/admin/petitions/[slug]/packet/route";
import { addAccount, removeAccount, resetAccount } from "@/lib/accounts/accounts";
import { FAILURES_BEFORE_WAITING } from "@/lib/accounts/factors";
import { verifyPassword } from "@/lib/accounts/passwords";
import { cookieName, endSession, SESSION_HOURS, SESSION_IDLE_MINUTES } from "@/lib/accounts/sessions";
import { proveAgain, signIn } from "@/lib/accounts/sign-in";
import { SIGN_INS_A_MINUTE, SIGN_INS_UNDER_WAY, withinNetworkShare } from "@/lib/accounts/sign-in-limits";
import { addToken, revokeToken } from "@/lib/accounts/tokens";
import { checkAudit, lastAuditCheck, recordAudit, searchAudit } from "@/lib/audit";
import { auditOf, verifyAudit } from "@/lib/audit/audit";
import { database } from "@/lib/db/client";
import { savedSettings } from "@/lib/export";
import { REFRESH_HEADER } from "@/lib/http/refresh-header";
import { forgetEndedAccess } from "@/lib/privacy/ended-access";
import { PERMISSIONS, ROLES, type Role, roleMay, TOKEN_ROLES } from "@/lib/roles";
import { useDatabase } from "@/tests/support/application";
import { CAMPAIGN_SLUG } from "@/tests/support/campaign";
import { codeOf, freshCode } from "@/tests/support/codes";
import {
  actorOf,
  asked,
  attempt,
  CLIENT,
  type Enrolled,
  enrolled,
  invited,
  nextStep,
  OTHER_NETWORK,
  offered,
  PASSWORD,
  posted,
  quietSessionOf,
  renewedCookie,
  sessionOf,
  statusOf,
  stopClock,
} from "@/tests/support/desk";
import { deskRoute } from "@/tests/support/routes";

const held = useDatabase();
const exportsDesk = deskRoute("[campaign]/exports");
const FIGURES = `/api/admin/petitions/${CAMPAIGN_SLUG}/figures`;
/** A request for what sessions and API tokens may both read. */
const askedForFigures = (headers: Record<string, string>) => asked(headers, "GET", FIGURES);

describe("who may do what", () => {
  const callersOf = async (role: Role): Promise<Record<string, string>[]> => {
    const { cookie } = await sessionOf(await enrolled(role));
    const reading = TOKEN_ROLES.find((each) => each === role);
    if (reading === undefined) return [{ cookie }];
    const made = await addToken(`token ${crypto.randomUUID()}`, reading, 1);
    if (made.kind !== "made") throw new Error(made.kind);
    return [{ cookie }, { authorization: `Bearer ${made.token}` }];
  };

  test.each(ROLES)("a %s is allowed what the role allows, and nothing else", async (role) => {
    for (const headers of await callersOf(role))
      for (const needed of PERMISSIONS) {
        const pretending = { ...headers, "x-middleware-subrequest": "middleware" };
        const status = roleMay(role, needed) ? 200 : 403;
        expect(await statusOf(askedForFigures(headers), needed), needed).toBe(status);
        expect(await statusOf(askedForFigures(pretending), needed), needed).toBe(status);
      }
  });

  test.each(["member", "editor", "translator", "reviewer"])("no API token has the role %s", async (role) => {
    await expect(
      database().$executeRaw`
        INSERT INTO api_token (id, name, hash, role, expires_at)
        VALUES (gen_random_uuid(), ${role}, sha256('x'), ${role}::admin_role, now())`,
    ).rejects.toThrow(/api_token_role_reads/);
  });

  test.each([
    ["GET", FIGURES, 200],
    ["HEAD", `/api/admin/petitions/${CAMPAIGN_SLUG}/sharing`, 200],
    ["GET", "/api/admin/audit", 200],
    ["GET", `/api/admin/petitions/${CAMPAIGN_SLUG}/export?format=csv`, 200],
    ["GET", `/api/admin/petitions/${CAMPAIGN_SLUG}/packet`, 200],
    ["GET", "/admin", 403],
    ["POST", "/admin", 403],
    ["POST", "/api/admin/audit", 403],
    ["GET", "/admin/settings/audit", 403],
    ["GET", "/admin/settings/team", 403],
    ["POST", "/admin/settings/team", 403],
    ["GET", `/admin/${CAMPAIGN_SLUG}`, 403],
    ["GET", `/admin/${CAMPAIGN_SLUG}/signatories`, 403],
    ["POST", `/admin/${CAMPAIGN_SLUG}/signatories`, 403],
    ["POST", `/admin/${CAMPAIGN_SLUG}/settings`, 403],
  ])("answers an owner's token that asks to %s %s with %d", async (method, path, status) => {
    const made = await addToken(crypto.randomUUID(), "owner", 1);
    const authorization = `Bearer ${made.kind === "made" ? made.token : ""}`;
    const request = new Request(`http://localhost${path}`, { method, headers: { authorization } });
    expect(await statusOf(request)).toBe(status);
  });

  test.each([
    {},
    { "x-middleware-subrequest": "middleware:middleware:middleware:middleware:middleware" },
    { authorization: "Bearer made-up" },
    { authorization: "Basic b3duZXI6b3duZXI=" },
  ])("answers 401 to nobody: %o", async (headers) => {
    expect(await statusOf(asked(headers))).toBe(401);
  });

  test.each(["%", "%E0%A4%A", "", "a.b.c", "eyJhbGciOiJub25lIn0..."])(
    "answers 401 to a cookie of %j",
    async (value) => {
      expect(await statusOf(asked({ cookie: `${cookieName("session-token")}=${value}` }))).toBe(401);
    },
  );

  test("answers 401 to a cookie sealed with another secret", async () => {
    const { id } = await sessionOf(await enrolled("owner"));
    const token = await encode({ token: { sub: id }, secret: "another secret of sufficient length" });
    expect(await statusOf(asked({ cookie: `${cookieName("session-token")}=${token}` }))).toBe(401);
  });

  test("answers 403 to a change from another site's page or an unnamed one, even with a valid cookie", async () => {
    const { cookie } = await sessionOf(await enrolled("owner"));
    expect(await statusOf(asked({ cookie, origin: "https://elsewhere.example" }, "POST"))).toBe(403);
    expect(await statusOf(asked({ cookie }, "POST"))).toBe(403);
    expect(await statusOf(asked({ cookie, origin: "http://localhost:3000" }, "POST"))).toBe(200);
  });
});

describe("the end of a session", () => {
  const shift = (id: string, column: "last_seen_at" | "created_at", minutes: number) =>
    held
      .current()
      .query(
        `UPDATE admin_session SET ${column} = now() - make_interval(mins => $1, secs => 5) WHERE id = $2`,
        [minutes, id],
      );

  test("comes after thirty minutes without a request", async () => {
    const { id, cookie } = await sessionOf(await enrolled("viewer"));
    await shift(id, "last_seen_at", SESSION_IDLE_MINUTES - 1);
    expect(await statusOf(asked({ cookie }))).toBe(200);
    await shift(id, "last_seen_at", SESSION_IDLE_MINUTES);
    expect(await statusOf(asked({ cookie }))).toBe(401);
  });

  test("comes after eight hours, however busy", async () => {
    const { id, cookie } = await sessionOf(await enrolled("viewer"));
    await shift(id, "created_at", SESSION_HOURS * 60 - 1);
    expect(await statusOf(asked({ cookie }))).toBe(200);
    await shift(id, "created_at", SESSION_HOURS * 60);
    expect(await statusOf(asked({ cookie }))).toBe(401);
  });

  test("comes at the next request after it is revoked, or its account is removed or reset", async () => {
    const owner = await enrolled("owner");
    const endings: ((account: Enrolled, session: string) => Promise<unknown>)[] = [
      (_, session) => endSession(session, actorOf(owner)),
      ({ email }) => removeAccount(email, actorOf(owner)),
      ({ email }) => resetAccount(email, "password", actorOf(owner)),
      ({ email }) => resetAccount(email, "authenticator", actorOf(owner)),
    ];
    for (const end of endings) {
      const account = await enrolled("viewer");
      const { id, cookie } = await sessionOf(account);
      expect(await statusOf(asked({ cookie }))).toBe(200);
      await end(account, id);
      expect(await statusOf(asked({ cookie }))).toBe(401);
    }
  });

  test("is postponed by a request, but not by a page's own refresh", async () => {
    const { id, cookie } = await sessionOf(await enrolled("viewer"));
    await shift(id, "last_seen_at", 10);
    const lastSeen = async () =>
      (await database().adminSession.findUniqueOrThrow({ where: { id } })).lastSeenAt.getTime();
    const before = await lastSeen();
    expect(await statusOf(asked({ cookie, [REFRESH_HEADER]: "yes" }))).toBe(200);
    expect(await lastSeen()).toBe(before);
    expect(await statusOf(asked({ cookie }))).toBe(200);
    expect(await lastSeen()).toBeGreaterThan(before);
  });
});

describe("signing in", () => {
  test("refuses an address that the database cannot store like any other", async () => {
    expect(await attempt("nobody\0@example.org", "123456")).toEqual({ kind: "refused" });
  });

  test("accepts a code once, and none from before it", async () => {
    const { email, secret } = await enrolled("viewer");
    stopClock();
    const code = codeOf(secret);
    for (const soon of [-2, 2]) expect((await attempt(email, codeOf(secret, soon))).kind).toBe("refused");
    expect((await attempt(email, code)).kind).toBe("signed-in");
    expect((await attempt(email, code)).kind).toBe("refused");
    nextStep();
    expect((await attempt(email, code)).kind).toBe("refused");
    expect((await attempt(email, codeOf(secret))).kind).toBe("signed-in");
  });

  test("lets in one of two that use the same code at once", async () => {
    const { email, secret } = await enrolled("viewer");
    stopClock();
    const code = codeOf(secret);
    const kinds = (await Promise.all([attempt(email, code), attempt(email, code)])).map(({ kind }) => kind);
    expect(kinds.sort()).toEqual(["refused", "signed-in"]);
  });

  test("accepts a recovery code once, however it is typed", async () => {
    const { email, recoveryCodes } = await enrolled("viewer");
    const [code = ""] = recoveryCodes;
    expect((await attempt(email, code.toUpperCase().replaceAll("-", " "))).kind).toBe("signed-in");
    expect((await attempt(email, code)).kind).toBe("refused");
  });

  test("makes an account wait after ten failures, for that network only", async () => {
    const { email, secret, recoveryCodes } = await enrolled("viewer");
    const other = await enrolled("viewer");
    stopClock();
    for (let failures = 0; failures < FAILURES_BEFORE_WAITING; failures++)
      expect((await attempt(email, "000000", "a wrong password")).kind).toBe("refused");
    expect((await attempt(email, codeOf(secret))).kind).toBe("refused");
    expect((await attempt(other.email, codeOf(other.secret))).kind).toBe("signed-in");
    expect((await attempt(email, codeOf(secret), PASSWORD, OTHER_NETWORK)).kind).toBe("signed-in");
    await database().$executeRaw`UPDATE admin_failure SET last_at = now() - interval '1 hour'`;
    expect((await attempt(email, recoveryCodes[0] ?? "")).kind).toBe("signed-in");
  });

  test("limits a burst of simultaneous codes to ten attempts", async () => {
    const { cookie } = await sessionOf(await enrolled("viewer"));
    await database().adminFailure.deleteMany();
    await Promise.all(
      Array.from({ length: FAILURES_BEFORE_WAITING * 2 }, () => proveAgain(asked({ cookie }), "000000")),
    );
    expect(await statusOf(asked({ cookie }))).toBe(401);
    const counted = await database().adminFailure.findMany();
    expect(counted.map(({ failures }) => failures)).toEqual([FAILURES_BEFORE_WAITING]);
  });

  test("leaves other networks their share during a flood from one, even with ever new addresses", async () => {
    const { email, secret } = await enrolled("viewer");
    stopClock();
    const code = codeOf(secret);
    const flood = Array.from({ length: 60 }, () =>
      attempt(`${crypto.randomUUID()}@example.org`, "000000", "a wrong password", "203.0.113.7"),
    );
    expect((await attempt(email, code, PASSWORD, OTHER_NETWORK)).kind).toBe("signed-in");
    const kinds = (await Promise.all(flood)).map(({ kind }) => kind);
    expect(kinds.filter((kind) => kind === "refused")).toHaveLength(SIGN_INS_UNDER_WAY);
    expect(kinds.filter((kind) => kind === "too-many")).toHaveLength(60 - SIGN_INS_UNDER_WAY);
  });

  test("limits how many sign-ins a network makes in a minute, even one after another", async () => {
    const minute = new Date("2026-01-01T00:00:10Z");
    const tried = async (client: string, at: Date) => withinNetworkShare(client, async () => "checked", at);
    for (let sent = 0; sent < SIGN_INS_A_MINUTE; sent++)
      expect(await tried("2001:db8:0:100::1", minute)).toBe("checked");
    expect(await tried("2001:db8:0:1ff::2", minute)).toBe(null);
    expect(await tried("2001:db8:0:200::1", minute)).toBe("checked");
    expect(await tried("2001:db8:0:100::1", new Date("2026-01-01T00:01:00Z"))).toBe("checked");
  });

  test("runs as many statements for a right password with a wrong code as for a wrong password", async () => {
    const { email } = await enrolled("viewer");
    const statements = async (password: string) => {
      const asked = vi.spyOn(Client.prototype, "query");
      expect((await attempt(email, "000000", password, OTHER_NETWORK)).kind).toBe("refused");
      const { length } = asked.mock.calls;
      asked.mockRestore();
      return length;
    };
    const wrong = await statements("a wrong password");
    expect(wrong).toBeGreaterThan(0);
    expect(await statements(PASSWORD)).toBe(wrong);
  });

  test("checks and counts nothing while too many are waiting", async () => {
    const { email } = await enrolled("viewer");
    await database().adminFailure.deleteMany();
    const kinds = (
      await Promise.all(
        Array.from({ length: 60 }, (_, index) =>
          attempt(email, "000000", "a wrong password", `10.0.${index}.1`),
        ),
      )
    ).map(({ kind }) => kind);
    const busy = kinds.filter((kind) => kind === "busy").length;
    expect(busy).toBeGreaterThan(0);
    expect(kinds.filter((kind) => kind === "refused")).toHaveLength(60 - busy);
    const counted = await database().adminFailure.aggregate({ _sum: { failures: true } });
    expect(counted._sum.failures).toBe(60 - busy);
  });
});

test("asks an enrolment to try again while too many sign in, and keeps the key for the app", async () => {
  const link = await invited(`late.${crypto.randomUUID()}@example.org`, "viewer");
  const { token, ...offer } = await offered(link);
  let crowded = true;
  const crowd = Array.from({ length: 60 }, async () => {
    while (crowded) await verifyPassword("a wrong password", null).catch(() => afterOthers());
  });
  const answer = await enrolForm(
    new Request(`http://localhost/admin/enrol/${token}`, {
      method: "POST",
      headers: { "content-type": "application/x-www-form-urlencoded" },
      body: new URLSearchParams({
        password: PASSWORD,
        secret: offer.sealedSecret,
        code: await freshCode(offer.secret),
      }),
    }),
    { params: Promise.resolve({ token }) },
  );
  crowded = false;
  await Promise.all(crowd);
  expect([answer.status, answer.headers.get("retry-after")]).toEqual([503, "5"]);
  const page = await answer.text();
  expect([page.includes(offer.secret), page.includes("Nothing was wrong")]).toEqual([true, true]);
}, 60_000);

describe("an export", () => {
  const FORM = {
    action: "export",
    format: "csv",
    status: "all",
    reason: "Handing over",
    "column.id": "yes",
    "column.name": "yes",
  };
  const address = `/api/admin/petitions/${CAMPAIGN_SLUG}/export?format=csv&status=all&reason=Handing+over&columns=id%2Cname`;
  const page = `/admin/${CAMPAIGN_SLUG}/exports`;
  const pageWithChoices = `${page}${new URL(address, "http://localhost").search}`;

  function exported(headers: Record<string, string>): Promise<Response> {
    const request = new Request(`http://localhost${address}`, { headers });
    return exportRoute(request, { params: Promise.resolve({ slug: CAMPAIGN_SLUG }) });
  }

  function sent(cookie: string, fields: Record<string, string>): Promise<Response> {
    return exportsDesk.POST(posted(page, cookie, fields));
  }

  /** The address of the file that the form answers with. */
  async function fileAddressIn(answer: Response): Promise<unknown> {
    expect(answer.status).toBe(200);
    return ((await answer.json()) as { result?: { address?: unknown } }).result?.address;
  }

  /** What stands in a page, not all of it: a failure is to be readable. */
  const found = (page: string, pattern: RegExp): string[] => page.match(pattern) ?? [];

  /** An exporter whose last code is as old as one may be, and a second. */
  async function quietExporter() {
    const exporter = await enrolled("exporter");
    return { exporter, ...(await quietSessionOf(exporter)) };
  }

  test("needs no second code right after signing in, and asks for one again 15 minutes later", async () => {
    const { cookie } = await sessionOf(await enrolled("exporter"));
    const file = await exported({ cookie });
    expect(file.status).toBe(200);
    await file.body?.cancel();
    const quiet = await quietExporter();
    const asData = await exported({ cookie: quiet.cookie });
    expect([asData.status, await asData.json()]).toMatchObject([403, { error: "second_factor_required" }]);
    const inBrowser = await exported({ cookie: quiet.cookie, accept: "text/html" });
    expect([inBrowser.status, inBrowser.headers.get("location")]).toEqual([303, pageWithChoices]);
    const shown = await exportsDesk.GET(
      new Request(`http://localhost${pageWithChoices}`, { headers: { cookie: quiet.cookie } }),
    );
    const chosen = /value="Handing over"|name="column\.(?:id|name)" checked|<option value="all" selected/g;
    expect(new Set(found(await shown.text(), chosen)).size).toBe(4);
  });

  test("needs no code with a token, and is refused without the role or a session", async () => {
    const made = await addToken(crypto.randomUUID(), "exporter", 1);
    const file = await exported({ authorization: `Bearer ${made.kind === "made" ? made.token : ""}` });
    expect(file.status).toBe(200);
    await file.body?.cancel();
    const { cookie } = await sessionOf(await enrolled("viewer"));
    expect((await exported({ cookie, accept: "text/html" })).status).toBe(403);
    expect((await exported({})).status).toBe(401);
    const ended = await exported({ accept: "text/html" });
    expect([ended.status, ended.headers.get("location")]).toEqual([
      303,
      `/admin/sign-in?callbackUrl=${encodeURIComponent(pageWithChoices)}`,
    ]);
  });

  test("continues with the choices kept once a code is given, which works once", async () => {
    const { exporter, cookie } = await quietExporter();
    const refused = await sent(cookie, { ...FORM, code: "000000" });
    expect(refused.status).toBe(422);
    expect(
      new Set(found(await refused.text(), /error">Code: this code was not accepted|value="Handing over"/g))
        .size,
    ).toBe(2);
    const code = await freshCode(exporter.secret);
    const accepted = await sent(cookie, { ...FORM, code });
    expect(await fileAddressIn(accepted)).toBe(address);
    expect((await exported({ cookie })).status).toBe(401);
    const file = await exported({ cookie: renewedCookie(accepted) });
    expect(file.status).toBe(200);
    await file.body?.cancel();
    expect((await attempt(exporter.email, code)).kind).toBe("refused");
  });

  test("is blocked by ten failed codes, and so are sign-ins from that network", async () => {
    const { exporter, cookie } = await quietExporter();
    const other = await sessionOf(exporter);
    for (let failures = 1; failures < FAILURES_BEFORE_WAITING; failures++)
      expect((await sent(cookie, { ...FORM, code: "000000" })).status).toBe(422);
    const last = await sent(cookie, { ...FORM, code: "000000" });
    expect([last.status, last.headers.get("location")]).toEqual([303, "/admin/sign-in?ended=codes"]);
    const code = await freshCode(exporter.secret);
    expect((await sent(cookie, { ...FORM, code })).headers.get("location")).toContain("/admin/sign-in");
    expect((await attempt(exporter.email, code, PASSWORD, "")).kind).toBe("refused");
    expect(await fileAddressIn(await sent(other.cookie, FORM))).toBe(address);
  });

  test("names what is wrong beside its field, and asks for a reason", async () => {
    const { cookie } = await sessionOf(await enrolled("exporter"));
    for (const [changes, field, begins] of [
      [{ reason: "" }, "reason", "What the file is for: write"],
      [{ action: "packet", reason: "" }, "reason", "What the file is for: write"],
      [{ from: "soon" }, "from", "Signed from must be"],
      [{ from: "2026-11-02", to: "2026-11-01" }, "to", "Signed before must be"],
      [{ "column.id": "", "column.name": "", "column.none": "yes" }, "columns", "Columns: choose"],
    ] as const) {
      const answer = await sent(cookie, { ...FORM, ...changes });
      expect(answer.status).toBe(422);
      const text: unknown = expect.stringMatching(new RegExp(`^${begins}`));
      const typed: unknown = expect.objectContaining({ status: "all" });
      expect(await answer.json()).toEqual({ kind: "invalid", mistakes: [{ field, text }], typed });
    }
  });

  test("leaves an audit entry as a packet, with names only on request and only of those who chose to be shown", async () => {
    const { cookie } = await sessionOf(await enrolled("exporter"));
    const asked = { action: "packet", names: "yes", reason: "Handing over" };
    const led = await sent(cookie, asked);
    const packet = `/api/admin/petitions/${CAMPAIGN_SLUG}/packet?names=yes&reason=Handing+over`;
    expect(await fileAddressIn(led)).toBe(packet);
    const params = Promise.resolve({ slug: CAMPAIGN_SLUG });
    const get = (headers: Record<string, string>, query = "names=yes&reason=Handing+over") =>
      packetRoute(new Request(`http://localhost/packet?${query}`, { headers }), { params });
    const file = await get({ cookie });
    expect([file.status, file.headers.get("cache-control")]).toEqual([200, "no-store"]);
    const bytes = Buffer.from(await file.arrayBuffer());
    expect(bytes.subarray(0, 5).toString()).toBe("%PDF-");
    const entry = await database().auditEntry.findFirstOrThrow({
      where: { action: "export.packet" },
      orderBy: { sequence: "desc" },
    });
    expect(JSON.parse(entry.detail)).toMatchObject({
      names: true,
      bytes: bytes.length,
      pages: 8,
      reason: "Handing over",
    });
    expect((await get({ cookie }, "name=yes")).status).toBe(400);
    expect((await get({ cookie: (await sessionOf(await enrolled("viewer"))).cookie })).status).toBe(403);
    expect((await get({ cookie: (await quietExporter()).cookie })).status).toBe(403);
  });

  test("keeps its choices under a name for every exporter, without the reason, until one deletes them", async () => {
    const { cookie } = await sessionOf(await enrolled("exporter"));
    const another = await sessionOf(await enrolled("exporter"));
    const saving = await sent(cookie, { ...FORM, action: "save", name: " Weekly " });
    expect([saving.status, saving.headers.get("location")]).toEqual([303, pageWithChoices]);
    await sent(another.cookie, { ...FORM, action: "save", name: "Weekly", format: "xlsx" });
    const saved = await savedSettings(CAMPAIGN_SLUG);
    expect(saved).toMatchObject([{ name: "Weekly", query: "format=xlsx&status=all&columns=id%2Cname" }]);
    expect((await sent(cookie, { ...FORM, action: "save", name: "" })).status).toBe(422);
    const viewer = await sessionOf(await enrolled("viewer"));
    const id = saved[0]?.id ?? "";
    expect((await sent(viewer.cookie, { action: "delete", id })).status).toBe(403);
    expect((await sent(another.cookie, { action: "delete", id })).status).toBe(303);
    expect(await savedSettings(CAMPAIGN_SLUG)).toEqual([]);
    const entries = await database().auditEntry.findMany({
      where: { action: { startsWith: "export-settings." } },
      orderBy: { sequence: "asc" },
    });
    expect(entries.map(({ action }) => action)).toEqual([
      "export-settings.save",
      "export-settings.save",
      "export-settings.delete",
    ]);
  });
});

describe("accounts and tokens", () => {
  beforeEach(async () => {
    await database().$executeRaw`UPDATE admin_account SET role = 'viewer'`;
  });

  test("keep the last owner when removed or reset from the desk, but not on the machine itself", async () => {
    const one = await enrolled("owner");
    const other = await enrolled("owner");
    expect((await removeAccount(other.email, actorOf(one))).kind).toBe("removed");
    expect((await removeAccount(one.email, actorOf(one))).kind).toBe("last-owner");
    expect((await resetAccount(one.email, "password", actorOf(one))).kind).toBe("last-owner");
    expect((await resetAccount(one.email, "password")).kind).toBe("reset");
  });

  test("keep one of two owners who remove each other at the same moment", async () => {
    const [one, other] = [await enrolled("owner"), await enrolled("owner")];
    const kinds = (
      await Promise.all([removeAccount(one.email, actorOf(other)), removeAccount(other.email, actorOf(one))])
    ).map(({ kind }) => kind);
    expect(kinds.sort()).toEqual(["last-owner", "removed"]);
  });

  test("end a token on its day, and at once when it is revoked", async () => {
    const names = ["ends by itself", "is revoked"];
    const [old, revoked] = await Promise.all(
      names.map(async (name) => {
        const made = await addToken(name, "viewer", 1);
        if (made.kind !== "made") throw new Error(made.kind);
        const request = askedForFigures({ authorization: `Bearer ${made.token}` });
        expect(await statusOf(request)).toBe(200);
        return request;
      }),
    );
    if (!old || !revoked) throw new Error("unreachable: two names, two tokens");
    await database().apiToken.update({ where: { name: "ends by itself" }, data: { expiresAt: new Date() } });
    expect(await statusOf(old)).toBe(401);
    await revokeToken("is revoked");
    expect(await statusOf(revoked)).toBe(401);
  });

  test("forget old failures, ended sessions and links in housekeeping, and nothing that still counts", async () => {
    await database().adminFailure.deleteMany();
    const viewer = await enrolled("viewer");
    const [ended, open] = [await sessionOf(viewer), await sessionOf(viewer)];
    await addAccount(`old.${crypto.randomUUID()}@example.org`, "viewer");
    await addAccount(`new.${crypto.randomUUID()}@example.org`, "viewer");
    await signIn({ email: "old@example.org", password: "x", code: "", client: CLIENT, cookies: "" });
    await database().$executeRaw`UPDATE admin_failure SET last_at = now() - interval '25 hours'`;
    await signIn({ email: "new@example.org", password: "x", code: "", client: CLIENT, cookies: "" });
    await database()
      .$executeRaw`UPDATE admin_session SET last_seen_at = now() - interval '31 days' WHERE id = ${ended.id}::uuid`;
    await database().$executeRaw`
      UPDATE admin_enrolment SET expires_at = now() - interval '1 second'
      FROM admin_account WHERE admin_account.id = account_id AND email LIKE 'old.%'`;
    await forgetEndedAccess();
    expect(await database().adminFailure.count()).toBe(1);
    const sessions = await database().adminSession.findMany({ where: { accountId: viewer.id } });
    expect(sessions.map(({ id }) => id)).toEqual([open.id]);
    const links = await database().adminEnrolment.findMany({ include: { account: true } });
    expect(links.some(({ account }) => account.email.startsWith("old."))).toBe(false);
    expect(links.some(({ account }) => account.email.startsWith("new."))).toBe(true);
  });
});

describe("the audit log", () => {
  const note = (text: string) => recordAudit({ actor: null, action: "test.note", detail: { text } });

  test.each(["UPDATE audit_entry SET detail = '{}'", "DELETE FROM audit_entry", "TRUNCATE audit_entry"])(
    "refuses %s",
    async (statement) => {
      await note("kept");
      await expect(held.current().query(statement)).rejects.toThrow("never changed or removed");
    },
  );

  test("commits or rolls back an entry together with its change", async () => {
    await expect(
      database().$transaction(async (transaction) => {
        await recordAudit({ actor: null, action: "test.undone", detail: {} }, transaction);
        throw new Error("the change failed");
      }),
    ).rejects.toThrow("the change failed");
    expect(await database().auditEntry.count({ where: { action: "test.undone" } })).toBe(0);
  });

  test.each(["from=2026-13-45", "from=0000-01-01", "to=2026-02-30", "actor=", "before=1e9"])(
    "ignores search parameters for %s that it cannot parse",
    async (query) => {
      await note("found");
      expect((await searchAudit(searchIn(new URLSearchParams(query)), "trusted")).length).toBeGreaterThan(0);
    },
  );

  test("forms one unbroken chain when many write at once", async () => {
    await Promise.all(Array.from({ length: 8 }, (_, index) => note(String(index))));
    expect(await verifyAudit()).toMatchObject({ ok: true });
  });

  test("finds entries by what they mention", async () => {
    const subject = crypto.randomUUID();
    await recordAudit({ actor: null, action: "test.one", subject, detail: {} });
    await recordAudit({
      actor: null,
      action: "test.other",
      subject: crypto.randomUUID(),
      detail: { subject },
    });
    expect((await auditOf(subject)).map(({ action }) => action)).toEqual(["test.one"]);
  });

  test.each([
    "UPDATE audit_entry SET detail = detail || ' ' WHERE sequence = $1",
    "UPDATE audit_entry SET actor_label = 'somebody else' WHERE sequence = $1",
    "UPDATE audit_entry SET subject = gen_random_uuid() WHERE sequence = $1",
    "UPDATE audit_entry SET at = at + interval '1 second' WHERE sequence = $1",
    "DELETE FROM audit_entry WHERE sequence = $1",
  ])(
    "reports where %s behind the triggers' back broke it, even after that is put right",
    async (tampering) => {
      for (const text of ["before", "tampered", "after"]) await note(text);
      const { current } = held;
      const [last] = await current().query<{ sequence: string }>(
        "SELECT max(sequence) AS sequence FROM audit_entry",
      );
      const place = BigInt(last?.sequence ?? 0) - 1n;
      await current().query("CREATE TABLE kept AS SELECT * FROM audit_entry");
      await current().query("ALTER TABLE audit_entry DISABLE TRIGGER USER");
      await current().query(tampering, [place]);
      expect(await checkAudit(null)).toEqual({ ok: false, brokenAt: place });
      expect((await lastAuditCheck("trusted"))?.check).toEqual({ ok: false, brokenAt: place });
      await current().query("DELETE FROM audit_entry WHERE sequence = $1", [place]);
      await current().query("INSERT INTO audit_entry SELECT * FROM kept WHERE sequence = $1", [place]);
      await current().query("DROP TABLE kept");
      await current().query("ALTER TABLE audit_entry ENABLE TRIGGER USER");
      expect(await checkAudit(null)).toMatchObject({ ok: true });
      expect((await lastAuditCheck("trusted"))?.check).toMatchObject({ ok: true });
    },
  );

  // Last, for what is missing cannot be made good.
  test("notices entries missing from its end, whatever is written afterwards", async () => {
    const { current } = held;
    for (const text of ["kept", "gone"]) await note(text);
    const [last] = await current().query<{ sequence: string }>(
      "SELECT max(sequence) AS sequence FROM audit_entry",
    );
    const gone = BigInt(last?.sequence ?? 0);
    await current().query("ALTER TABLE audit_entry DISABLE TRIGGER USER");
    await current().query("DELETE FROM audit_entry WHERE sequence = $1", [gone]);
    expect(await verifyAudit()).toEqual({ ok: false, brokenAt: gone });
    await current().query("UPDATE audit_head SET sequence = $1", [gone - 1n]);
    expect(await verifyAudit()).toEqual({ ok: false, brokenAt: gone - 1n });
    await note("after");
    expect(await verifyAudit()).toEqual({ ok: false, brokenAt: gone });
  });
});
