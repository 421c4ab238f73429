import { createHash } from "node:crypto";
import { renderToStaticMarkup } from "react-dom/server";
import { beforeEach, describe, expect, test } from "vitest";
import { z } from "zod";
import { campaignHeaders } from "@/app/(public)/_pages/render";
import { GET as robots } from "@/app/(public)/robots.txt/route";
import { GET as sitemap } from "@/app/(public)/sitemap.xml/route";
import { CampaignPage, type CampaignPageProps } from "@/components/campaign/CampaignPage";
import { CampaignsPage } from "@/components/campaign/CampaignsPage";
import { colourStyles } from "@/components/campaign/colours";
import { MessagePage } from "@/components/campaign/MessagePage";
import { type PublishedCampaign, setCampaigns } from "@/lib/campaigns";
import { type CampaignFiles, readCampaign } from "@/lib/document";
import type { Locale } from "@/lib/i18n/locales";
import { messagesFor } from "@/lib/i18n/messages";
import type { PictureSources } from "@/lib/pictures";
import { documentShareTexts, shareSubject } from "@/lib/sharing";
import { testEnvironment } from "@/tests/support/postgres";
import { asPublished } from "@/tests/support/shipped-campaign";

Object.assign(process.env, testEnvironment("postgresql://localhost/none"));

const SLUG = "clean-water";
const site = {
  siteUrl: "https://petition.example",
  organisation: "Example Rights",
  demonstration: false,
  contact: "petition@example.org",
};

const SETTINGS = `slug: ${SLUG}
goal: 500
languages: [en, ur]
unfinished: [ur]
targets:
  - { key: minister, name: The Minister, role: Minister of Water, country: PK }
`;
const SOURCES = `K1:
  publisher: A survey
  title: { en: Wells by village, ur: گاؤں کے کنویں }
  date: "2026-10-01"
  url: https://example.org/wells
  caveat: { en: Counted by volunteers. }
K2:
  publisher: A paper
  title: { en: Who pays }
  url: https://example.org/pays
`;
const ENGLISH = `---
title: Clean water for every village
summary: |
  Many villages have *no* clean water.[^K1][^K2]
share:
  text: Please sign for clean water.
  subject: Clean water
  sms: Sign!
outcome: |
  The ministry dug forty wells.[^K2]
---
:::call{to="The Minister of Water"}
Dig wells now.

He said he would.[^K2]

1. Begin where none is near.[^K1]
:::

## What is happening

:period[October 2026]

Wells **ran dry**, [as seen](https://example.org/seen).[^K1]

- In the north.[^K1]
- In the south.[^K2]

:::figure{data="wells" title="Wells that ran dry"}
By the survey of each month.

| By | Wells | Counted by |
| --- | ---: | --- |
| 2025-11-14 | 327,000 | A survey[^K1] |
| 2026-03-22 | 525,000 | A survey[^K1] |
| 2026-10-01 | 1,495,851 | A paper[^K2] |
:::

:::figure{data="regions" type="bars" title="By region"}
| Where | Wells | Counted by |
| --- | ---: | --- |
| North | 40 | A survey[^K1] |
| South | 12 | A survey[^K1] |
:::

:::figure{data="crossings" type="map" title="By crossing"}
| Where | People | Counted by |
| --- | ---: | --- |
| Torkham | 40 | A survey[^K1] |
| Elsewhere | 12 | A survey[^K1] |
:::

:::figure{data="total" type="number" title="In all"}
| When | Wells | Counted by |
| --- | ---: | --- |
| 2026-10 | 1,495,851 | A survey[^K1] |
:::

:::quotation{by="A farmer"}
We walk two hours.[^K1]
:::

:::picture{name="well.jpg" alternative="A dry well"}
A well in October.[^K1]
:::

## Questions

:::question{title="Who pays?"}
The ministry.[^K2] :advice[Ask it.]
:::

## When

:::timeline
- 2026-09 The wells ran dry.[^K1]
- 2026-10-01 The survey came out.[^K1]
:::
`;
const URDU = `---
title: ہر گاؤں کے لیے صاف پانی
summary: |
  بہت سے گاؤں میں صاف پانی نہیں۔[^K1][^K2]
share: |
  براہِ کرم دستخط کریں۔
---
:::call{to="وزیرِ آب"}
کنویں کھودے جائیں۔
:::

## کیا ہو رہا ہے
`;

function files(changes: Record<string, string> = {}): CampaignFiles {
  const written = { "campaign.yaml": SETTINGS, "sources.yaml": SOURCES, "en.md": ENGLISH, "ur.md": URDU };
  return new Map(Object.entries({ ...written, ...changes }));
}

function publish(changes: Record<string, string> = {}, published: Partial<PublishedCampaign> = {}) {
  const read = readCampaign(files(changes));
  if (!read.ok) throw new Error(JSON.stringify(read.faults));
  setCampaigns([asPublished(read.content, published)]);
}

beforeEach(() => publish());

function page(locale: Locale = "en", props: Partial<CampaignPageProps> = {}): string {
  const share = { texts: documentShareTexts(SLUG, locale), subject: shareSubject(SLUG, locale) };
  const figures = { status: "open", count: 1234, goal: 5000, updatedAt: "2026-11-24T10:00:00Z" } as const;
  return renderToStaticMarkup(
    <CampaignPage site={site} locale={locale} slug={SLUG} {...figures} {...share} {...props} />,
  );
}

describe("a document's blocks", () => {
  test("stand on the page in their order", () => {
    const markup = page();
    const order = [
      "<h2>What is happening</h2>",
      '<p class="when">October 2026</p>',
      '<p>Wells <strong>ran dry</strong>, <a href="https://example.org/seen" rel="noreferrer">as seen</a>.<sup>',
      "<ul><li>In the north.<sup>",
      "Wells that ran dry</b>",
      "By region</b>",
      "By crossing</b>",
      "In all</b>",
      "<blockquote><p>We walk two hours.<sup>",
      "<footer>A farmer</footer>",
      "<h2>Questions</h2>",
      "<details><summary>Who pays?</summary><p>The ministry.<sup>",
      "<h2>When</h2>",
      '<ol class="time"><li><b>September 2026</b>The wells ran dry.<sup>',
    ];
    const places = order.map((piece) => [markup.indexOf(piece), piece] as const);
    expect(places.filter(([at]) => at < 0)).toEqual([]);
    expect(places.map(([at]) => at)).toEqual(places.map(([at]) => at).toSorted((one, other) => one - other));
  });

  test("carry references that stand together, by the numbers of the list", () => {
    expect(page()).toContain('<em>no</em> clean water.<sup><a href="#s-K1">1</a><a href="#s-K2">2</a></sup>');
  });

  test("that are pictures name all their sizes, and keep their place before they are loaded", () => {
    const view: PictureSources = {
      widths: [480, 960],
      types: ["image/avif", "image/jpeg"],
      width: 1200,
      height: 800,
      url: (width, type) => `/pictures/abc-${width}.${type === "image/jpeg" ? "jpg" : "avif"}`,
    };
    const markup = page("en", { picture: (name) => (name === "well.jpg" ? view : null) });
    expect(markup).toContain(
      '<source type="image/avif" srcSet="/pictures/abc-480.avif 480w, /pictures/abc-960.avif 960w"',
    );
    expect(markup).toMatch(/<img [^>]*width="1200" height="800" alt="A dry well" loading="lazy"\/>/);
    expect(page("en", { picture: () => null })).not.toContain("A dry well");
  });
});

describe("figures", () => {
  const figures = () => [...page().matchAll(/<figure>.*?<\/figure>/gs)].map(([markup]) => markup);

  test("have each number in a table with headings, who counted and the source", () => {
    const [line = ""] = figures();
    expect(line).toContain(
      '<th scope="col">By</th><th scope="col">Wells</th><th scope="col">Counted by</th>',
    );
    expect(line).toContain(
      '<th scope="row">22 March 2026</th><td>525,000</td><td>A survey<sup><a href="#s-K1">',
    );
    expect(line).toContain("By the survey of each month.");
  });

  test("are drawn by their type", () => {
    const [line = "", bars = "", map = "", number = ""] = figures();
    expect(line.match(/<circle/g)).toHaveLength(3);
    expect(line).toContain('<text class="s" x="');
    expect(bars.match(/<path class="pt"/g)).toHaveLength(2);
    expect(map.match(/<circle/g)).toHaveLength(1);
    expect(map).toContain(">Elsewhere</th>");
    expect(number).toContain('<p class="number"><b>1,495,851</b> October 2026</p>');
  });

  test("are named by their titles", () => {
    for (const figure of figures().slice(0, 3)) {
      const [, label] = /aria-labelledby="([^"]+)"/.exec(figure) ?? [];
      expect(figure).toContain(`<b id="${label}">`);
    }
  });

  test("keep their letters within the drawing", () => {
    const drawn = figures().join("");
    expect(drawn.match(/<text /g)?.length).toBeGreaterThan(12);
    for (const figure of figures())
      for (const [, x = "", anchor, words = ""] of figure.matchAll(
        /<text [^>]*x="([-\d.]+)"[^>]*text-anchor="(\w+)"[^>]*>([^<]*)</g,
      )) {
        const width = words.length * 9;
        const left = Number(x) - (anchor === "end" ? width : anchor === "middle" ? width / 2 : 0);
        expect(left, words).toBeGreaterThanOrEqual(0);
        expect(left + width, words).toBeLessThanOrEqual(360);
      }
  });
});

describe("a language that is unfinished", () => {
  test("shows what it lacks in the first language, marked, and says so once", () => {
    const markup = page("ur");
    const note = messagesFor("ur").page.untranslated({ language: "\u2068English\u2069" });
    expect(markup.split(note)).toHaveLength(2);
    expect(markup).toContain(
      '<summary lang="en" dir="ltr">Who pays?</summary><p lang="en" dir="ltr">The ministry.',
    );
    expect(markup).toContain('<li lang="en" dir="ltr">Begin where none is near.');
    expect(markup).toContain('<h2 lang="en" dir="ltr">Questions</h2>');
    expect(markup).toContain("<h2>کیا ہو رہا ہے</h2>");
    expect(markup).toContain('<p class="demand">کنویں کھودے جائیں۔</p>');
  });

  test("is not spoken of where nothing is missing", () => {
    expect(page()).not.toContain("not translated yet");
    expect(page()).not.toMatch(/ lang="(?!en)[^"]*"(?![^>]*hreflang)[^>]*>[^<]*well/);
  });

  test("has sources with their titles in it, and caveats in the first language", () => {
    const markup = page("ur");
    expect(markup).toContain('<bdi lang="en">A survey</bdi>: گاؤں کے کنویں</a>');
    expect(markup).toContain('<span lang="en" dir="ltr">Counted by volunteers.</span>');
    expect(markup).toContain(
      '<a href="https://example.org/pays" rel="noreferrer" lang="en" dir="ltr">A paper</a>',
    );
    expect(page()).toContain('lang="en" dir="ltr">A paper: Who pays</a>');
  });
});

describe("a campaign's languages", () => {
  test("are the only ones that its pages lead to", () => {
    const markup = page();
    const alternates = [...markup.matchAll(/hrefLang="([^"]+)"/g)].map(([, language]) => language);
    expect(alternates).toEqual(["en", "ur", "x-default"]);
    expect([...markup.matchAll(/<a href="\/([\w-]+)\/clean-water" lang=/g)].map(([, each]) => each)).toEqual([
      "en",
      "ur",
    ]);
  });

  test("are what a page for readers of another one leads to", () => {
    const markup = renderToStaticMarkup(<MessagePage site={site} locale="ps" kind="not-found" slug={SLUG} />);
    expect(markup).toContain(`<a class="go" href="/en/${SLUG}">`);
    expect(markup).not.toContain(`/ps/${SLUG}`);
  });

  test("mark the titles on a list in another one", () => {
    const campaigns = [{ path: `/en/${SLUG}`, title: "Clean water", language: "en", count: null }] as const;
    const markup = renderToStaticMarkup(<CampaignsPage site={site} locale="ps" campaigns={campaigns} />);
    expect(markup).toContain('<h2 lang="en" dir="ltr"><a href="/en/clean-water"');
  });
});

test("a site without a campaign says so", () => {
  const markup = renderToStaticMarkup(<CampaignsPage site={site} locale="en" campaigns={[]} />);
  expect(markup).toContain(messagesFor("en").site.noPetitions);
});

test("a call that was changed tells when, and word by word what it was", () => {
  const before = files({ "en.md": ENGLISH.replace("Dig wells now.", "Dig wells soon.") });
  publish(
    {},
    { version: 2, callBefore: { version: 1, changedAt: new Date("2026-11-20T10:00:00Z"), files: before } },
  );
  const markup = page();
  expect(markup).toContain("<summary>Changed on 20 November 2026</summary>");
  expect(markup).toContain("<del>soon</del><ins>now</ins>");
  expect(markup).toContain('<p class="demand">Dig wells now.</p>');
  expect(markup).toContain('name="textVersion" value="2"');
  publish();
  expect(page()).not.toContain("Changed on");
});

test("a closed campaign shows what it reached, then its story", () => {
  const markup = page("en", { status: "closed", outcome: "won" });
  expect(markup).toContain("<h1>Won: Clean water for every village</h1>");
  expect(markup).toContain('<p class="lead">The ministry dug forty wells.<sup>');
  expect(markup).toContain('<meta name="description" content="The ministry dug forty wells."/>');
  expect(markup.indexOf("Many villages have")).toBeGreaterThan(markup.indexOf("forty wells"));
});

describe("colours of a campaign", () => {
  const COLOURS = `${SETTINGS}colours: { main: "#0b5345", accent: "#7b241c" }\n`;

  test("are a second style sheet, which the policy allows by its hash and nothing else", () => {
    publish({ "campaign.yaml": COLOURS });
    const sheets = [...page().matchAll(/<style>(.*?)<\/style>/gs)].map(([, sheet = ""]) => sheet);
    expect(sheets).toHaveLength(2);
    expect(sheets[1]).toContain("--deep:#0b5345");
    const hashes = sheets.map((sheet) => `'sha256-${createHash("sha256").update(sheet).digest("base64")}'`);
    expect(campaignHeaders(SLUG)["content-security-policy"]).toContain(`style-src ${hashes.join(" ")};`);
  });

  test("are left out where white letters could not be read on them", () => {
    expect(colourStyles({ main: "#ffee00", accent: "#7b241c" })).not.toContain("--deep");
    expect(colourStyles({ main: "#ffee00", accent: "#ffffff" })).toBeNull();
    expect(colourStyles(null)).toBeNull();
  });
});

describe("search engines", () => {
  const Data = z.object({
    "@context": z.literal("https://schema.org"),
    "@graph": z.tuple([
      z.object({
        "@type": z.literal("CreativeWork"),
        name: z.string().min(1),
        url: z.url(),
        mainEntityOfPage: z.url(),
        genre: z.literal("petition"),
        keywords: z.literal("petition"),
        description: z.string().min(1),
        inLanguage: z.enum(["en", "ur"]),
        dateModified: z.iso.datetime(),
        publisher: z.object({ "@type": z.literal("Organization"), name: z.string(), url: z.url() }),
        citation: z.array(
          z.object({
            "@type": z.literal("CreativeWork"),
            name: z.string().min(1),
            url: z.url(),
            publisher: z.object({ "@type": z.literal("Organization"), name: z.string() }),
          }),
        ),
        potentialAction: z
          .object({
            "@type": z.literal("EndorseAction"),
            target: z.object({ "@type": z.literal("EntryPoint"), urlTemplate: z.url() }),
          })
          .optional(),
        interactionStatistic: z
          .object({
            "@type": z.literal("InteractionCounter"),
            interactionType: z.literal("https://schema.org/EndorseAction"),
            userInteractionCount: z.number(),
          })
          .optional(),
      }),
      z.object({
        "@type": z.literal("FAQPage"),
        inLanguage: z.enum(["en", "ur"]),
        mainEntity: z
          .array(
            z.object({
              "@type": z.literal("Question"),
              name: z.string().min(1),
              acceptedAnswer: z.object({ "@type": z.literal("Answer"), text: z.string().min(1) }),
            }),
          )
          .min(1),
      }),
    ]),
  });

  function dataOf(markup: string) {
    const all = [...markup.matchAll(/<script type="application\/ld\+json">([^<]*)<\/script>/g)].map(
      ([, json = ""]) => json,
    );
    return Data.parse(JSON.parse(all.at(-1) ?? ""));
  }

  test("are told what the petition is, its sources, its count and its questions, after all that people read", () => {
    const markup = page();
    const [petition, questions] = dataOf(markup)["@graph"];
    expect(petition).toMatchObject({
      url: `https://petition.example/en/${SLUG}`,
      publisher: { name: "Example Rights" },
      interactionStatistic: { userInteractionCount: 1234 },
      potentialAction: { target: { urlTemplate: `https://petition.example/en/${SLUG}#sign` } },
      dateModified: "2026-11-01T08:00:00.000Z",
    });
    expect(petition.citation.map(({ url }) => url)).toEqual([
      "https://example.org/wells",
      "https://example.org/pays",
    ]);
    expect(questions.mainEntity).toMatchObject([
      { name: "Who pays?", acceptedAnswer: { text: "The ministry. Ask it." } },
    ]);
    expect(markup.lastIndexOf("application/ld+json")).toBeGreaterThan(markup.indexOf('class="foot"'));
    expect(dataOf(page("ur"))["@graph"][0].inLanguage).toBe("ur");
  });

  test("are told no count that is not known, and of nothing to do once it is closed", () => {
    const [petition] = dataOf(page("en", { status: "closed", count: null }))["@graph"];
    expect(petition).not.toHaveProperty("interactionStatistic");
    expect(petition).not.toHaveProperty("potentialAction");
  });

  test("are given text that cannot end the data", () => {
    publish({ "en.md": ENGLISH.replace("Who pays?", "Who &lt;/script>&lt;b> pays?") });
    const markup = page();
    expect(dataOf(markup)["@graph"][1].mainEntity[0]?.name).toBe("Who </script><b> pays?");
    expect(markup).toContain("\\u003c/script>");
  });

  test("find every language of every campaign on the map, save archived ones", async () => {
    const map = await sitemap(new Request("http://localhost/sitemap.xml")).text();
    expect([...map.matchAll(/<loc>[^<]*\/(\w+\/clean-water)<\/loc>/g)].map(([, path]) => path)).toEqual([
      `en/${SLUG}`,
      `ur/${SLUG}`,
    ]);
    expect(map.match(/hreflang="x-default"/g)).toHaveLength(2);
    expect(map).toContain("<lastmod>2026-11-01T08:00:00.000Z</lastmod>");
    publish({}, { archived: true });
    expect(await sitemap(new Request("http://localhost/sitemap.xml")).text()).not.toContain(SLUG);
  });

  test("are told where the map is, and to leave the desk alone", async () => {
    const rules = await robots(new Request("http://localhost/robots.txt")).text();
    expect(rules).toMatch(/^Sitemap: http.*\/sitemap\.xml$/m);
    expect(rules).toContain("Disallow: /admin\n");
  });
});
