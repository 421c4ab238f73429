import { expect, test } from "@playwright/test";
import { CAMPAIGN } from "@/tests/support/browser";
import { startWebProcess } from "@/tests/support/web-process";

test.skip(({ javaScriptEnabled }) => javaScriptEnabled !== false, "once is enough: no script takes part");

const ORGANISATIONS = ["Forum", "Alliance"].map((name) => ({
  ORGANISATION_NAME: `Human Rights ${name}`,
  SITE_URL: `https://${name.toLowerCase()}.example`,
  MAIL_FROM: `Campaign <petition@${name.toLowerCase()}.example>`,
}));

test("serves every organisation from one build: each process shows its own name, address and sender", async ({
  request,
}) => {
  const shown = await Promise.all(
    ORGANISATIONS.map(async (organisation) => {
      const web = await startWebProcess(organisation);
      try {
        // Two that the web server answers itself, and two that go through the framework.
        const addresses = [CAMPAIGN, `${CAMPAIGN}/updates`, "/ur/privacy", "/admin/sign-in"];
        const pages = addresses.map(async (address) => {
          const answer = await request.get(`http://localhost:${web.port}${address}`);
          expect(answer.status(), address).toBe(200);
          return answer.text();
        });
        return await Promise.all(pages);
      } finally {
        await web.stop();
      }
    }),
  );
  for (const [place, { ORGANISATION_NAME, SITE_URL, MAIL_FROM }] of ORGANISATIONS.entries()) {
    const [campaign = "", updates = "", privacy = "", signIn = ""] = shown[place] ?? [];
    for (const page of [campaign, updates, privacy, signIn]) expect(page).toContain(ORGANISATION_NAME);
    for (const page of [campaign, updates, privacy])
      expect(page).toContain(`rel="canonical" href="${SITE_URL}/`);
    expect(privacy).toContain(/<(.*)>/.exec(MAIL_FROM)?.[1]);
    const others = ORGANISATIONS.filter((_, index) => index !== place);
    for (const page of shown[place] ?? [])
      for (const other of others.flatMap((organisation) => Object.values(organisation)))
        expect(page).not.toContain(other);
  }
});
