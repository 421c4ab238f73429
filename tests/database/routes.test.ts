import { IncomingMessage, ServerResponse } from "node:http";
import { Socket } from "node:net";
import { NextRequest } from "next/server";
import { beforeAll, describe, expect, test } from "vitest";
import { enhancementFor } from "@/app/(public)/_pages/enhancement";
import { database } from "@/lib/db/client";
import { ACTIONS, type DeskAction } from "@/lib/desk/actions";
import { addBaseline } from "@/lib/http/baseline";
import { ROLES, type Role, roleMay } from "@/lib/roles";
import { settings } from "@/lib/settings";
import { useDatabase } from "@/tests/support/application";
import { CAMPAIGN_SLUG } from "@/tests/support/campaign";
import { send, show } from "@/tests/support/desk-pages";
import {
  actionsOf,
  addressOf,
  CHANGING,
  routes as everything,
  handlerOf,
  isOfDesk,
  pageOf,
  type Route,
} from "@/tests/support/routes";
import { sessionOf } from "@/tests/support/session";

useDatabase();

const TOKEN = "x".repeat(43);
/** Where each kind of answer is found: most routes need no more than one of these. */
const PARAMETERS = {
  slug: CAMPAIGN_SLUG,
  campaign: CAMPAIGN_SLUG,
  locale: "en",
  token: TOKEN,
  id: "00000000-0000-7000-8000-000000000000",
  format: "square",
  code: "abcdefgh",
  file: enhancementFor("en").path.split("/").at(-1),
  path: ["nowhere"],
  nextauth: ["csrf"],
};
/** Not guarded by where a post comes from, each for its reason. */
const GUARDED_OTHERWISE: Record<string, string> = {
  "app/(public)/[...path]/route.ts": "changes nothing: everything there is 404",
  "app/api/auth/[...nextauth]/route.ts": "next-auth's own token, in the form and in a cookie",
  "app/api/unsubscribe/[token]/route.tsx": "posted by mail programs (RFC 8058); the token is the proof",
  "app/api/webhooks/resend/route.ts": "signed over its raw body",
};
/** Whether a role allows something on a route of the desk; tests/database/actions.test.ts asks for each action. */
function mayDoSomething(role: Role, route: Route): boolean {
  return Object.values<DeskAction>(ACTIONS).some(
    (each) => each.route === addressOf(route) && roleMay(role, each.needs),
  );
}

/** Pages and actions of the framework are asked at the end of this file. */
const routes = everything.filter(({ file }) => /\/route\.tsx?$/.test(file));
const ofDesk = routes.filter(isOfDesk);
/** What may be framed: by other sites, and by the desk. */
const FRAMED = new Set([
  "app/(public)/embed/[slug]/route.tsx",
  "app/admin/[campaign]/preview/[locale]/route.tsx",
]);
/** What nobody opens in a browser. */
const DATA = new Set(
  ["draft", "exports", "figures", "sharing"].map((name) => `app/api/admin/petitions/[slug]/${name}/route.ts`),
);
const changing = routes.filter(
  ({ file, method }) => CHANGING.includes(method) && !(file in GUARDED_OTHERWISE),
);

async function call(route: Route, headers: Record<string, string>): Promise<Response> {
  const { method } = route;
  const handler = await handlerOf(route);
  const body = CHANGING.includes(method)
    ? new URLSearchParams({ token: TOKEN, email: "a@example.net" })
    : null;
  const request = new NextRequest(`${settings().siteUrl}/`, { method, headers, body });
  return handler(request, { params: Promise.resolve(PARAMETERS) });
}

/** Everything that a refused request must leave alone. */
async function rows(): Promise<unknown> {
  return database().$queryRaw`
    SELECT (SELECT count(*)::int FROM signature) AS signatures, (SELECT count(*)::int FROM mail) AS mails,
      (SELECT count(*)::int FROM suppression) AS suppressions, (SELECT count(*)::int FROM audit_entry) AS entries,
      (SELECT md5(string_agg(campaign::text, '|')) FROM campaign) AS campaign`;
}

describe.each(ofDesk)("$name", (route) => {
  const DISGUISES: Record<string, string>[] = [
    {},
    { "x-middleware-subrequest": "middleware:middleware:middleware:middleware:middleware" },
    {
      "x-middleware-subrequest": "src/middleware",
      "x-forwarded-host": "localhost",
      "x-forwarded-for": "127.0.0.1",
    },
    { cookie: "admin.session-token=forged", authorization: "Bearer forged" },
  ];

  test.each(DISGUISES)("is 401 without a session, with %j", async (disguise) => {
    const before = await rows();
    expect((await call(route, { accept: "application/json", ...disguise })).status).toBe(401);
    expect(await rows()).toEqual(before);
  });

  test("redirects a person without a session to the sign-in, unless it is data", async () => {
    const answer = await call(route, { accept: "text/html" });
    if (DATA.has(route.file)) return expect(answer.status).toBe(401);
    expect([answer.status, answer.headers.get("location")?.split("?")[0]]).toEqual([303, "/admin/sign-in"]);
  });

  test("is refused to every role that allows nothing there, and to no other", async () => {
    for (const role of ROLES) {
      const { status } = await call(route, {
        accept: "application/json",
        origin: settings().siteUrl,
        cookie: await sessionOf(role),
      });
      // No campaign is there for a member who has no role in it.
      const refusal = role === "member" && /\[(?:slug|campaign)\]/.test(addressOf(route)) ? 404 : 403;
      expect(status === refusal, `${role}: ${status}`).toBe(!mayDoSomething(role, route));
      expect(status, `${role}`).not.toBe(401);
    }
  });
});

describe("a post, by what the browser says about its origin", () => {
  const OURS = "ours";
  const ORIGINS = [OURS, "https://evil.example", "null", ""] as const;
  const SITES = ["same-origin", "same-site", "cross-site", "none", ""] as const;
  let owner = "";

  beforeAll(async () => {
    owner = await sessionOf("owner");
  });

  /** What the rule is, said once more and otherwise than in the code. The desk takes nothing of which nothing is said. */
  function refused(origin: string, site: string, desk: boolean): boolean {
    if (site === "cross-site") return true;
    if (origin === "") return site === "same-site" || (site === "" && desk);
    return origin !== OURS;
  }

  test.each(changing)("$name", async (route) => {
    const desk = ofDesk.includes(route);
    for (const origin of ORIGINS) {
      for (const site of SITES) {
        if (route.file === "app/admin/sign-out/route.ts" && !refused(origin, site, desk)) continue;
        const before = await rows();
        const answer = await call(route, {
          accept: "application/json",
          "content-type": "application/x-www-form-urlencoded",
          cookie: owner,
          ...(origin === "" ? {} : { origin: origin === OURS ? settings().siteUrl : origin }),
          ...(site === "" ? {} : { "sec-fetch-site": site }),
        });
        const told = `Origin: ${origin || "none"}, Sec-Fetch-Site: ${site || "none"}: ${answer.status}`;
        // The enrolment says of every form that it could not read that it could not.
        const refusal = route.file.startsWith("app/admin/enrol/") ? 400 : 403;
        if (refused(origin, site, desk)) {
          expect(answer.status, told).toBe(refusal);
          expect(await rows(), told).toEqual(before);
        } else expect(answer.status, told).not.toBe(403);
      }
    }
  });
});

describe("the headers of every answer", () => {
  const types = new Set<string>();

  /** An answer's headers as the web server sends them on. */
  function sent(answer: Response): ServerResponse {
    const response = new ServerResponse(new IncomingMessage(new Socket()));
    for (const [name, value] of answer.headers) response.setHeader(name, value);
    addBaseline(response, true);
    return response;
  }

  test.each(routes)("$name", async (route) => {
    settings().metricsToken = "metrics";
    for (const accept of ["text/html", "application/json"]) {
      for (const authorization of ["", "Bearer metrics"]) {
        const cookie = isOfDesk(route) ? await sessionOf("owner") : "";
        const asked = { accept, origin: settings().siteUrl, cookie, authorization };
        const answer = await call(route, asked);
        await answer.body?.cancel();
        const response = sent(answer);
        const policy = String(response.getHeader("content-security-policy"));
        expect(policy).toMatch(/default-src 'none'/);
        for (const directive of ["base-uri 'none'", "object-src 'none'", "frame-ancestors "])
          expect(policy).toContain(directive);
        const mayBeFramed = FRAMED.has(route.file) && (answer.ok || !isOfDesk(route));
        expect(policy.includes("frame-ancestors 'none'")).toBe(!mayBeFramed);
        const type = answer.headers.get("content-type");
        if (type === null) continue;
        types.add(type.split(";", 1)[0] ?? "");
        if (/^text\/|xml|javascript/.test(type) && !type.includes("officedocument"))
          expect(type).toMatch(/; ?charset=utf-8/);
      }
    }
  });

  test("include all kinds of answers", () => {
    expect([...types].sort()).toEqual([
      "application/atom+xml",
      "application/json",
      "application/pdf",
      "application/xml",
      "image/png",
      "image/svg+xml",
      "text/csv",
      "text/html",
      "text/javascript",
      "text/plain",
    ]);
  });
});

describe.each(everything.filter(({ file }) => file.endsWith("/page.tsx")))("$name", (route) => {
  test.each(["", "admin.session-token=forged"])(
    "redirects to the sign-in with the cookie “%s”",
    async (cookie) => {
      const { status, location } = await show(
        await pageOf(route),
        { cookie, path: "/admin/here?a=b" },
        {
          params: Promise.resolve(PARAMETERS),
          searchParams: Promise.resolve({}),
        },
      );
      expect([status, location]).toEqual([307, "/admin/sign-in?callbackUrl=%2Fadmin%2Fhere%3Fa%3Db"]);
    },
  );
});

describe.each(everything.filter(({ file }) => file.endsWith("/actions.ts")))("$name", (route) => {
  test("does nothing without a session, and redirects to the sign-in", async () => {
    const before = await rows();
    for (const action of await actionsOf(route))
      for (const cookie of ["", "admin.session-token=forged"])
        expect((await send(action, { cookie }, { token: TOKEN })).location).toMatch(/^\/admin\/sign-in\?/);
    expect(await rows()).toEqual(before);
  });

  test("does nothing for another site's page, or for one that does not say where it comes from", async () => {
    const cookie = await sessionOf("owner");
    const before = await rows();
    for (const action of await actionsOf(route))
      for (const headers of [
        { "sec-fetch-site": "cross-site" },
        { "sec-fetch-site": "same-site" },
        { "sec-fetch-site": "same-origin", origin: "https://evil.example" },
        { "sec-fetch-site": "same-origin", origin: "null" },
      ]) {
        const { status, state } = await send(action, { cookie, headers }, { token: TOKEN });
        expect([status, state?.kind]).toEqual([403, "failed"]);
      }
    expect(await rows()).toEqual(before);
  });
});
