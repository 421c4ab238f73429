import { brotliDecompressSync, constants, gunzipSync, gzipSync } from "node:zlib";
import type { ReactElement } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { describe, expect, test } from "vitest";
import { embedCode, enhancementFor } from "@/app/(public)/_pages/enhancement";
import { render } from "@/app/(public)/_pages/render";
import { CampaignPage } from "@/components/campaign/CampaignPage";
import { ConfirmPage } from "@/components/campaign/ConfirmPage";
import { type MessageKind, MessagePage } from "@/components/campaign/MessagePage";
import { PrivacyPage } from "@/components/campaign/PrivacyPage";
import { ThanksPage } from "@/components/campaign/ThanksPage";
import { UnsubscribePage } from "@/components/campaign/UnsubscribePage";
import { STYLES } from "@/components/document/styles";
import { EmbedPage } from "@/components/form/EmbedPage";
import { NOTHING_TYPED } from "@/components/form/SignatureForm";
import { contentFor, languagesOf, type Outcome } from "@/lib/campaigns";
import type { Block, CampaignDocument, SimpleBlock, Text } from "@/lib/document";
import { compressors, type Encoding } from "@/lib/http/direct";
import { escapeHtml } from "@/lib/http/escape-html";
import { COUNTRY_CODES } from "@/lib/i18n/countries";
import { countryOptions } from "@/lib/i18n/country-names";
import { formatDate, formatNumber } from "@/lib/i18n/format";
import { LOCALES, type Locale, languageOf, localeFromAcceptLanguage } from "@/lib/i18n/locales";
import { messagesFor } from "@/lib/i18n/messages";
import { RETENTION } from "@/lib/privacy";
import { documentShareTexts, shareSubject } from "@/lib/sharing";
import { TRAP_FIELD } from "@/lib/signing/form";
import { CAMPAIGN_SLUG } from "@/tests/support/campaign";
import { useShippedCampaign } from "@/tests/support/shipped-campaign";

/** What one round trip carries: what a signer needs must have arrived by then (quality anchor D4). */
const ROUND_TRIP_BYTES = 14_336;
/** What the whole page may weigh, compressed (D4). */
const PAGE_BYTES = 32 * 1024;
/** What scripts may weigh: the enhancement compressed (D4), the one that other sites load as it is. */
const ENHANCEMENT_BYTES = 3 * 1024;
const EMBED_SCRIPT_BYTES = 1024;

const site = {
  siteUrl: "https://petition.example",
  organisation: "Example Rights",
  demonstration: true,
  contact: "petition@example.org",
  enhancement: enhancementFor,
};
const slug = CAMPAIGN_SLUG;
const { sources } = useShippedCampaign();
const typed = {
  ...NOTHING_TYPED,
  name: `<b>"Zarghuna"</b>`,
  email: "z@example.org",
  country: "AF",
  updates: true,
  publicName: false,
  consent: false,
  ref: "abc",
};
const codes = {
  whatsapp: "k4mnp72",
  telegram: "k4mnp73",
  facebook: "k4mnp74",
  x: "k4mnp75",
  bluesky: "k4mnp76",
  email: "k4mnp77",
  sms: "k4mnp78",
  link: "k4mnp79",
  qr: "k4mnp7b",
};
const figures = {
  status: "open",
  count: 1234,
  goal: 10000,
  updatedAt: "2026-11-24T10:00:00Z",
  passed: 5000,
  news: true,
  codes,
} as const;

function content(locale: Locale): CampaignDocument {
  const found = contentFor(slug, locale);
  if (found === null) throw new Error(`no content in ${locale}`);
  return found;
}

/** Every text that makes statements, in the order of the page. */
function textsOf({ summary, call, sections }: CampaignDocument): Text[] {
  return [summary, call.lead, ...call.points, ...sections.flatMap(({ blocks }) => blocks.flatMap(textsIn))];
}

function textsIn(block: Block | SimpleBlock): readonly Text[] {
  switch (block.kind) {
    case "paragraph":
    case "quotation":
      return [block.text];
    case "points":
      return block.items;
    case "question":
      return block.blocks.flatMap(textsIn);
    case "timeline":
      return block.events.map(({ text }) => text);
    case "figure":
    case "picture":
      return [block.caption];
  }
}

/** The sources that stand together behind a statement, in the order of the page. */
function sourcesTogether(document: CampaignDocument): string[][] {
  return textsOf(document).flatMap((text) => {
    const groups: string[][] = [];
    let open = false;
    for (const inline of text) {
      if (inline.kind !== "reference") open = false;
      else if (open) groups.at(-1)?.push(inline.source);
      else {
        groups.push([inline.source]);
        open = true;
      }
    }
    return groups;
  });
}

function figuresOf({ sections }: CampaignDocument) {
  const blocks = sections.flatMap((section) => section.blocks);
  return blocks.flatMap((block) =>
    block.kind === "figure" ? [block.rows.map(({ at, value, sources }) => ({ at, value, sources }))] : [],
  );
}

const shared = (locale: Locale) => ({
  texts: documentShareTexts(slug, locale),
  subject: shareSubject(slug, locale),
});

function campaign(locale: Locale) {
  return <CampaignPage site={site} locale={locale} slug={slug} {...figures} {...shared(locale)} />;
}

/** What a browser can show of a page once only its first bytes are there. */
function beginningOf(bytes: Buffer, encoding: Encoding): string {
  const beginning =
    encoding === "gzip"
      ? gunzipSync(bytes, { finishFlush: constants.Z_SYNC_FLUSH })
      : brotliDecompressSync(bytes, { finishFlush: constants.BROTLI_OPERATION_FLUSH });
  return beginning.toString("utf8");
}

function everyPage(locale: Locale): ReactElement[] {
  const kinds = Object.keys(messagesFor(locale).message) as MessageKind[];
  const share = shared(locale);
  return [
    campaign(locale),
    <CampaignPage
      key="errors"
      site={site}
      locale={locale}
      slug={slug}
      {...figures}
      {...share}
      count={null}
      typed={typed}
      errors={{ name: ["name.url"], consent: ["consent.missing"] }}
    />,
    <ThanksPage key="thanks" site={site} locale={locale} slug={slug} {...share} confirmed />,
    <ThanksPage key="pending" site={site} locale={locale} slug={slug} {...share} confirmed={false} />,
    <ThanksPage key="closed" site={site} locale={locale} slug={slug} {...share} confirmed={false} closed />,
    <ConfirmPage key="confirm" site={site} locale={locale} token="t" share={{ slug, ...share }} />,
    <UnsubscribePage key="unsubscribe" site={site} locale={locale} token="t" />,
    <PrivacyPage
      key="privacy"
      site={site}
      locale={locale}
      home="/"
      consentVersion="1"
      retention={RETENTION}
    />,
    <EmbedPage key="embed" site={site} locale={locale} slug={slug} status="open" notice="unavailable" />,
    ...kinds.map((kind) => <MessagePage key={kind} site={site} locale={locale} kind={kind} slug={slug} />),
  ];
}

describe.each(LOCALES)("in %s", (locale) => {
  test("every statement rests on sources that exist, and none on the founding article alone", () => {
    const groups = sourcesTogether(content(locale));
    expect(groups.length).toBeGreaterThan(40);
    for (const group of groups) {
      expect(group.filter((key) => key !== "S")).not.toHaveLength(0);
      for (const key of group) expect([...sources.keys()]).toContain(key);
    }
  });

  test("a translation rests every statement on the same sources as English", () => {
    expect(sourcesTogether(content(locale))).toEqual(sourcesTogether(content("en")));
    expect(figuresOf(content(locale))).toEqual(figuresOf(content("en")));
    expect(figuresOf(content("en"))).toHaveLength(1);
  });

  test("every reference on the page leads to an entry of its list, and every entry out", () => {
    const markup = renderToStaticMarkup(campaign(locale));
    for (const [, id] of markup.matchAll(/href="#([^"]+)"/g)) expect(markup).toContain(`id="${id}"`);
    const { references } = content(locale);
    expect(references.length).toBeGreaterThan(30);
    for (const [place, key] of references.entries()) {
      const url = escapeHtml(sources.get(key)?.url ?? "none");
      expect(markup).toContain(`<li id="s-${key}"><a href="${url}" rel="noreferrer"`);
      expect(markup).toContain(`<a href="#s-${key}">${formatNumber(place + 1, locale)}</a>`);
    }
  });

  test("no id stands twice on the page", () => {
    const ids = [...renderToStaticMarkup(campaign(locale)).matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
    expect(ids).toEqual([...new Set(ids)]);
  });

  test("the form says which text was read", () => {
    expect(renderToStaticMarkup(campaign(locale))).toContain(
      '<input type="hidden" name="textVersion" value="1"/>',
    );
  });

  test("a shared mail carries the campaign's subject and text", () => {
    const { texts, subject } = shared(locale);
    expect(Object.values(texts).filter((text) => text.trim() === "")).toEqual([]);
    const [, mail = ""] = /href="(mailto:[^"]*)"/.exec(renderToStaticMarkup(campaign(locale))) ?? [];
    const sent = new URL(mail.replaceAll("&amp;", "&")).searchParams;
    expect(sent.get("subject")).toBe(subject);
    expect(sent.get("body")).toBe(`${texts.email} ${site.siteUrl}/s/${codes.email}`);
  });

  test("corrects the names of real countries only", () => {
    const codes = Object.keys(languageOf(locale).countryNames);
    expect(codes.filter((code) => !(COUNTRY_CODES as readonly string[]).includes(code))).toEqual([]);
  });

  test("every mistake has words", () => {
    for (const [key, words] of Object.entries(messagesFor(locale).errors))
      expect(words.length, key).toBeGreaterThan(10);
  });

  test("no page holds a style attribute, an event handler or a script but ours, by its hash", () => {
    for (const page of everyPage(locale)) {
      const markup = renderToStaticMarkup(page);
      expect(markup).not.toMatch(/<[^>]*\s(style|on[a-z]+)=/i);
      const scripts = [...markup.matchAll(/<script[^>]*>[^<]*/g)]
        .map(([script]) => script)
        .filter((script) => !script.startsWith('<script type="application/ld+json">'));
      const { path, integrity } = enhancementFor(locale);
      for (const script of scripts)
        expect(script).toBe(`<script src="${path}" integrity="${integrity}" type="module">`);
    }
  });

  test.each(["gzip", "br"] as const)(
    "the first round trip of the campaign page brings all that a signer needs, by %s",
    async (encoding) => {
      const compressed = await compressors[encoding](Buffer.from(await render(campaign(locale))));
      expect(compressed.length).toBeLessThanOrEqual(PAGE_BYTES);
      const arrived = beginningOf(compressed.subarray(0, ROUND_TRIP_BYTES), encoding);
      const { title, call } = content(locale);
      for (const needed of [
        `${STYLES}</style>`,
        `<h1>${escapeHtml(title)}</h1>`,
        `<b>${formatNumber(figures.count, locale)}</b>`,
        "</form>",
        `<p class="demand">${escapeHtml(call.demand)}</p>`,
      ])
        expect(arrived).toContain(needed);
    },
  );

  test("the enhancement is small and holds this language's words and no other's", () => {
    const { code } = enhancementFor(locale);
    expect(gzipSync(code, { level: 6 }).length).toBeLessThanOrEqual(ENHANCEMENT_BYTES);
    for (const language of LOCALES)
      expect(code.includes(messagesFor(language).errors["name.missing"])).toBe(language === locale);
  });

  test("the trap says to leave it empty, and is hidden from people and unknown to what fills in forms", () => {
    for (const page of [
      campaign(locale),
      <EmbedPage key="embed" site={site} locale={locale} slug={slug} status="open" />,
    ]) {
      const markup = renderToStaticMarkup(page);
      const label = messagesFor(locale).form.leaveEmpty;
      expect(markup).toContain(
        `<p hidden=""><label for="${TRAP_FIELD}">${label}</label><input id="${TRAP_FIELD}" autoComplete="off" name="${TRAP_FIELD}"/></p>`,
      );
    }
    expect(TRAP_FIELD).not.toMatch(
      /url|web|site|link|mail|name|phone|tel|addr|city|state|zip|post|comp|org|title|user|pass|code|date/,
    );
  });

  test("all 250 countries can be chosen, by name", () => {
    const options = countryOptions(locale);
    expect(new Set(options.map(({ code }) => code))).toEqual(new Set(COUNTRY_CODES));
    expect(options).toHaveLength(250);
    for (const { code, name } of options) expect(name).not.toBe(code);
  });

  test("dates are Gregorian", () => {
    expect(formatDate("2026-01-09", locale)).toMatch(/2026|۲۰۲۶/);
  });
});

test("the script that other sites load is small", () => {
  expect(Buffer.byteLength(embedCode())).toBeLessThanOrEqual(EMBED_SCRIPT_BYTES);
});

test("a wrong field is marked, described and linked from the summary, and what was typed stays", () => {
  const markup = renderToStaticMarkup(
    <CampaignPage
      site={site}
      locale="en"
      slug={slug}
      {...figures}
      {...shared("en")}
      typed={typed}
      errors={{ name: ["name.url"] }}
    />,
  );
  expect(markup).toMatch(/<div[^>]*id="errors" role="alert" tabindex="-1" autofocus/i);
  expect(markup).toContain(`<a href="#name">`);
  expect(markup).toMatch(/id="name"[^>]* aria-describedby="name-hint name-error" aria-invalid="true"/);
  expect(markup).toContain("&lt;b&gt;&quot;Zarghuna&quot;&lt;/b&gt;");
  expect(markup).toContain(`<option value="AF" selected="">`);
  expect(markup.indexOf(`id="errors"`)).toBeLessThan(markup.indexOf(`class="hero"`));
});

test("nothing is ticked before the signer ticks it", () => {
  expect(renderToStaticMarkup(campaign("en"))).not.toMatch(/<input[^>]*\schecked/);
});

test("no count, no number", () => {
  const markup = renderToStaticMarkup(
    <CampaignPage site={site} locale="en" slug={slug} {...figures} {...shared("en")} count={null} />,
  );
  expect(markup).not.toContain("<progress");
});

test("a closed campaign shows no form", () => {
  const markup = renderToStaticMarkup(
    <CampaignPage site={site} locale="en" slug={slug} {...figures} {...shared("en")} status="closed" />,
  );
  expect(markup).not.toContain("<form");
  expect(markup).toContain(messagesFor("en").message.closed.title);
});

test.each<Outcome>(["won", "partly", "lost", "handed_over"])(
  "a campaign that is %s says so in its heading, its previews and its frame",
  (outcome) => {
    const closed = { ...figures, status: "closed", outcome } as const;
    for (const locale of languagesOf(slug)) {
      const page = <CampaignPage site={site} locale={locale} slug={slug} {...closed} {...shared(locale)} />;
      const markup = renderToStaticMarkup(page);
      const { names, titled, thanks } = messagesFor(locale).outcome;
      const heading = escapeHtml(titled({ outcome: names[outcome], title: content(locale).title }));
      expect(markup).toContain(`<h1>${heading}</h1>`);
      expect(markup).toContain(`<meta property="og:title" content="${heading}"/>`);
      expect(markup).toContain(thanks);
      expect(markup).toContain(`<b>${formatNumber(figures.count, locale)}</b>`);
      expect(markup).toContain(`/opengraph-image?${outcome}"`);
      expect(markup).not.toContain("<form");
      const frame = <EmbedPage site={site} locale={locale} slug={slug} status="closed" outcome={outcome} />;
      expect(renderToStaticMarkup(frame)).toContain(`<h2>${names[outcome]}</h2>`);
    }
  },
);

test("another slug has no content", () => {
  expect(contentFor("another", "en")).toBeNull();
});

test.each<[string | null, Locale]>([
  [null, "en"],
  ["", "en"],
  ["*", "en"],
  ["de-DE,de;q=0.9", "en"],
  ["ur", "ur"],
  ["ur-PK,ur;q=0.9,en;q=0.8", "ur"],
  ["fa", "fa-AF"],
  ["fa-IR", "fa-AF"],
  ["prs-AF", "fa-AF"],
  ["FA-af", "fa-AF"],
  ["ps-AF", "ps"],
  ["pbt", "ps"],
  ["en;q=0.5, ps;q=0.9", "ps"],
  ["ur;q=0, fa;q=0.1", "fa-AF"],
  ["de, ur;q=0.4, en;q=0.3", "ur"],
  ["ur;q=nonsense, ps;q=0.1", "ps"],
  ["urx", "en"],
])("Accept-Language %j is answered in %s", (header, locale) => {
  expect(localeFromAcceptLanguage(header)).toBe(locale);
});
