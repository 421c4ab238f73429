import { expect, test } from "vitest";
import { answerTagged, etagOf, redirect } from "@/lib/http/answers";
import { PageCache } from "@/lib/http/page-cache";

const ETAG = etagOf("text");
const asking = (held?: string) =>
  new Request("http://localhost/", held === undefined ? {} : { headers: { "if-none-match": held } });

test("a redirect follows a form and is kept by no cache, unless it says otherwise", () => {
  const usual = redirect("/en");
  expect([usual.status, Object.fromEntries(usual.headers)]).toEqual([
    303,
    { location: "/en", "cache-control": "no-store" },
  ]);
  const cached = redirect("/en", { status: 307, headers: { "cache-control": "public, s-maxage=60" } });
  expect([cached.status, cached.headers.get("cache-control")]).toEqual([307, "public, s-maxage=60"]);
});

test.each([undefined, "", 'W/"other"', `${ETAG}x`, ETAG.slice(0, -1)])(
  "who holds %j is sent the body",
  async (held) => {
    const answer = answerTagged(asking(held), "text", {});
    expect([answer.status, answer.headers.get("etag"), await answer.text()]).toEqual([200, ETAG, "text"]);
  },
);

test.each([ETAG, ETAG.slice(2), `"other", ${ETAG}`, `W/"other",${ETAG},"another"`])(
  "who holds %s is told that nothing changed",
  async (held) => {
    const answer = answerTagged(asking(held), "text", { vary: "Accept-Encoding" });
    expect(answer.status).toBe(304);
    expect(Object.fromEntries(answer.headers)).toEqual({ etag: ETAG, vary: "Accept-Encoding" });
    expect(await answer.text()).toBe("");
  },
);

test("variants of a cached page share its rendering, and each has an ETag of its own", async () => {
  const pages = new PageCache();
  let renderings = 0;
  const ask = (name: string, held?: string) =>
    pages.answer(
      asking(held),
      "page",
      {},
      async () => {
        renderings += 1;
        return "<p>CODE</p>";
      },
      { name, fill: (markup) => markup.replace("CODE", name) },
    );
  const [one, other] = [await ask("one"), await ask("other")];
  expect([await one.text(), await other.text()]).toEqual(["<p>one</p>", "<p>other</p>"]);
  const etag = one.headers.get("etag") ?? "";
  expect(other.headers.get("etag")).not.toBe(etag);
  expect([(await ask("one", etag)).status, (await ask("other", etag)).status]).toEqual([304, 200]);
  expect(renderings).toBe(1);
});
