import { expect, test } from "vitest";
import { render } from "@/app/(public)/_pages/render";
import { site } from "@/app/(public)/_pages/site";
import { busyPage } from "@/app/api/petitions/[slug]/signatures/busy";
import { CampaignPage } from "@/components/campaign/CampaignPage";
import { NOTHING_TYPED } from "@/components/form/SignatureForm";
import type { TypedFields } from "@/components/form/types";
import { canWait } from "@/lib/http/overload";
import { LOCALES } from "@/lib/i18n/locales";
import { documentShareTexts, shareSubject } from "@/lib/sharing";
import { CAMPAIGN_SLUG } from "@/tests/support/campaign";
import { testEnvironment } from "@/tests/support/postgres";
import { useShippedCampaign } from "@/tests/support/shipped-campaign";

Object.assign(process.env, testEnvironment("postgresql://localhost/none"));
useShippedCampaign();

const TYPED: TypedFields[] = [
  NOTHING_TYPED,
  {
    ...NOTHING_TYPED,
    name: `زرغونه <b>"O'Neill" & $& $1 TYPED-email-TYPED`,
    email: "TYPED-name-TYPED@example.org",
    country: "AF",
    ref: "bcdfgh22",
    origin: "https://partner.example",
    permit: "1.a",
    consent: true,
    updates: false,
    publicName: true,
  },
];
const chosen = (markup: string) => ({
  rest: markup.replace(/ (?:checked|selected)=""/g, ""),
  ticked: [...markup.matchAll(/<input id="(\w+)"[^>]* checked=""/g)].map(([, id]) => id),
  // A browser shows the last option that says so.
  selected: [...markup.matchAll(/<option value="?(\w*)"? selected=""/g)].map(([, value]) => value).at(-1),
});

test.each(LOCALES.flatMap((locale) => TYPED.map((typed) => ({ locale, typed }))))(
  "the page for times without capacity is what rendering it would give: $locale, $typed.email",
  async ({ locale, typed }) => {
    const rendered = await render(
      <CampaignPage
        site={site()}
        locale={locale}
        slug={CAMPAIGN_SLUG}
        status="open"
        count={null}
        goal={0}
        updatedAt={null}
        texts={documentShareTexts(CAMPAIGN_SLUG, locale)}
        subject={shareSubject(CAMPAIGN_SLUG, locale)}
        typed={typed}
        notice="unavailable"
      />,
    );
    expect(chosen(await busyPage(CAMPAIGN_SLUG, locale, typed))).toEqual(chosen(rendered));
  },
);

test("a text that was published since is the one shown", async () => {
  const before = await busyPage(CAMPAIGN_SLUG, "en", NOTHING_TYPED);
  useShippedCampaign({ version: 2 });
  const after = await busyPage(CAMPAIGN_SLUG, "en", NOTHING_TYPED);
  const shows = (version: number) => `name="textVersion" value="${version}"`;
  expect([before.includes(shows(1)), after.includes(shows(2))]).toEqual([true, true]);
  useShippedCampaign();
});

test("overload turns away readers and the desk, and nobody who is signing", () => {
  for (const path of [
    `/api/petitions/${CAMPAIGN_SLUG}/signatures`,
    "/api/confirm",
    "/api/signature/access",
    "/api/unsubscribe/abc",
    "/api/health/live",
    "/api/metrics",
    `/embed/${CAMPAIGN_SLUG}?locale=en`,
    `/fa-AF/${CAMPAIGN_SLUG}/thanks?ref=bcdfgh22`,
    "/ur/confirm/abc",
    "/ps/signature",
  ])
    expect([path, canWait(path)]).toEqual([path, false]);
  for (const path of [
    `/en/${CAMPAIGN_SLUG}`,
    `/api/petitions/${CAMPAIGN_SLUG}`,
    "/admin",
    "/",
    "/embed.js",
    "/en/privacy",
  ])
    expect([path, canWait(path)]).toEqual([path, true]);
});
