import { connect } from "node:net";
import { expect, test } from "@playwright/test";
import { LOCALES } from "@/lib/i18n/locales";
import { confirmedCount, confirmPathIn, mailTo, someone } from "@/tests/support/browser";
import { CAMPAIGN_SLUG } from "@/tests/support/campaign";
import { openConnection } from "@/tests/support/raw-connection";

test.skip(({ javaScriptEnabled }) => javaScriptEnabled !== false, "once is enough: no browser takes part");

type Answer = { status: number; headers: Map<string, string>; body: string };

/** One request as the oldest clients make it: HTTP/1.0, no cookie, no compression, no script, no style. */
function plainRequest(
  baseURL: string | undefined,
  method: "GET" | "POST",
  path: string,
  body = "",
): Promise<Answer> {
  const { hostname, port, host } = new URL(baseURL ?? "");
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname);
    const chunks: Buffer[] = [];
    socket.on("data", (chunk) => chunks.push(chunk));
    socket.on("error", reject);
    socket.on("end", () => {
      const [head = "", ...rest] = Buffer.concat(chunks).toString("utf8").split("\r\n\r\n");
      const [statusLine = "", ...lines] = head.split("\r\n");
      const headers = new Map(
        lines.map((line): [string, string] => {
          const colon = line.indexOf(":");
          return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
        }),
      );
      resolve({ status: Number(statusLine.split(" ")[1]), headers, body: rest.join("\r\n\r\n") });
    });
    const posting =
      method === "POST"
        ? `Content-Type: application/x-www-form-urlencoded\r\nContent-Length: ${Buffer.byteLength(body)}\r\n`
        : "";
    socket.write(`${method} ${path} HTTP/1.0\r\nHost: ${host}\r\nAccept: text/html\r\n${posting}\r\n${body}`);
  });
}

const decoded = (text: string) => text.replaceAll("&quot;", '"').replaceAll("&amp;", "&");

/** The first form of a page that posts to an address beginning so: where to, and its hidden fields. */
function formIn(page: string, action: RegExp): { action: string; fields: Record<string, string> } {
  const form = page.match(/<form[\s\S]*?<\/form>/g)?.find((found) => action.test(found));
  if (form === undefined) throw new Error("the page has no such form");
  const fields: Record<string, string> = {};
  for (const [input] of form.matchAll(/<input[^>]*type="hidden"[^>]*>/g)) {
    const name = /name="([^"]*)"/.exec(input)?.[1];
    if (name) fields[name] = decoded(/value="([^"]*)"/.exec(input)?.[1] ?? "");
  }
  return { action: /action="([^"]*)"/.exec(form)?.[1] ?? "", fields };
}

for (const locale of LOCALES) {
  test(`lets a reader sign and confirm in ${locale} with HTTP/1.0 and plain HTML only`, async ({
    request,
    baseURL,
  }) => {
    const before = await confirmedCount(request);
    const home = `/${locale}/${CAMPAIGN_SLUG}`;
    const page = await plainRequest(baseURL, "GET", home);
    expect(page.status).toBe(200);
    const form = formIn(page.body, /signatures/);
    const signer = someone("Zarghuna Kargar");
    const typed = new URLSearchParams({ ...form.fields, ...signer, country: "AF" });

    const refused = await plainRequest(baseURL, "POST", form.action, typed.toString());
    expect(refused.status).toBe(422);
    expect(refused.body).toContain(`value="${signer.email}"`);
    typed.set("consent", "yes");
    const signed = await plainRequest(baseURL, "POST", form.action, typed.toString());
    expect([signed.status, signed.headers.get("location")]).toEqual([303, `${home}/thanks`]);
    expect(signed.headers.has("set-cookie")).toBe(false);
    const thanks = await plainRequest(baseURL, "GET", `${home}/thanks`);
    expect(thanks.body).toContain("https://wa.me/?text=");

    const mail = await mailTo(request, signer.email);
    const confirmation = await plainRequest(baseURL, "GET", confirmPathIn(mail));
    expect(confirmation.body).toContain(`lang="${locale}"`);
    const button = formIn(confirmation.body, /api\/confirm/);
    const confirmed = await plainRequest(
      baseURL,
      "POST",
      button.action,
      new URLSearchParams(button.fields).toString(),
    );
    expect([confirmed.status, confirmed.headers.get("location")]).toEqual([303, `${home}/thanks?confirmed`]);
    expect(await confirmedCount(request)).toBe(before + 1);
  });
}

for (const target of [`/api/petitions/${CAMPAIGN_SLUG}/signatures`, "/api/signature/access"]) {
  test(`delays nobody on the connection when ${target} refuses a form early`, async ({ baseURL }) => {
    const { port, host } = new URL(baseURL ?? "");
    const post = (path: string, type: string, framing: string) =>
      `POST ${path} HTTP/1.1\r\nHost: ${host}\r\nAccept: application/json\r\nContent-Type: ${type}\r\n${framing}\r\n\r\n`;
    const pieces = `2000\r\n${"x".repeat(0x2000)}\r\n`.repeat(80);
    for (const [type, framing, body, status] of [
      ["application/json", "Transfer-Encoding: chunked", `${pieces}0\r\n\r\n`, 413],
      ["application/json", "Content-Length: 600000", "x".repeat(600_000), 413],
      ["text/plain", "Transfer-Encoding: chunked", `${pieces}0\r\n\r\n`, 415],
      ["text/plain", "Transfer-Encoding: chunked", pieces, 415],
    ] as const) {
      const connection = openConnection(Number(port), "localhost");
      connection.send(post(target, type, framing) + body);
      const refused = await connection.answer();
      expect(refused?.status).toBe(status);
      const closing = refused?.headers.get("connection") === "close";
      if (closing) await connection.ended;
      const next = closing ? openConnection(Number(port), "localhost") : connection;
      next.send(`${post(target, "application/json", "Content-Length: 2")}{}`);
      expect((await next.answer())?.status).toBe(422);
      next.close();
      connection.close();
    }
  });
}
