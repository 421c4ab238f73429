import fc from "fast-check";
import { renderToStaticMarkup } from "react-dom/server";
import { expect, test } from "vitest";
import { CampaignPage } from "@/components/campaign/CampaignPage";
import { setCampaigns } from "@/lib/campaigns";
import { readCampaign } from "@/lib/document";
import type { PictureSources } from "@/lib/pictures";
import { documentShareTexts, shareSubject } from "@/lib/sharing";
import { anyDocument, campaignFiles } from "@/tests/support/campaign-files";
import { asPublished } from "@/tests/support/shipped-campaign";

const RUNS = 1_000;
/** Far longer than they take, so that a busy machine fails no test. */
const PATIENCE_MILLISECONDS = 900_000;

/** Elements that a campaign's page may have. Of these, `script` holds data only, and `style` our own sheet. */
const ALLOWED = new Set(
  `a aside b bdi blockquote body br button circle dd del details div dl dt em fieldset figcaption figure footer form g h1 h2
  head header html img input ins label legend li link main meta nav ol option p path picture progress script section select
  source span strong style sub summary sup svg table tbody td text th thead time title tr ul`.split(/\s+/),
);

const PICTURE: PictureSources = {
  widths: [480, 960],
  types: ["image/avif", "image/jpeg"],
  width: 960,
  height: 640,
  url: (width, type) => `/pictures/abc-${width}.${type === "image/avif" ? "avif" : "jpg"}`,
};
const site = {
  siteUrl: "https://petition.example",
  organisation: "Example Rights",
  demonstration: false,
  contact: "petition@example.org",
};

function pageOf(document: string): string {
  const settings =
    campaignFiles()
      .get("campaign.yaml")
      ?.replace(/\[.*\]/, "[en]") ?? "";
  const sources = campaignFiles().get("sources.yaml") ?? "";
  const files = new Map(
    Object.entries({ "campaign.yaml": settings, "sources.yaml": sources, "en.md": document }),
  );
  const read = readCampaign(files);
  if (!read.ok) throw new Error(JSON.stringify(read.faults[0]));
  const campaign = asPublished(read.content);
  setCampaigns([campaign]);
  const { slug } = campaign;
  const shown = { site, locale: "en", slug, picture: () => PICTURE } as const;
  const share = { texts: documentShareTexts(slug, "en"), subject: shareSubject(slug, "en") };
  // Closed, so that what it reached is shown and the form, which is the same for all, takes no time.
  const figures = { status: "closed", outcome: "won", count: 12, goal: 100, updatedAt: null } as const;
  return renderToStaticMarkup(<CampaignPage {...shown} {...share} {...figures} />);
}

/** The tags of a page that open an element, with all their attributes. */
function tagsOf(markup: string): { name: string; attributes: string }[] {
  const tags = markup.matchAll(/<([a-z][a-z0-9]*)((?:\s+[^\s"'<>/=]+(?:="[^"]*")?)*)\s*\/?>/gi);
  return [...tags].map(([, name = "", attributes = ""]) => ({ name: name.toLowerCase(), attributes }));
}

test(
  "whatever a document says, its page has known elements only, no script and no style of its own",
  () => {
    fc.assert(
      fc.property(anyDocument, (document) => {
        const markup = pageOf(document);
        const tags = tagsOf(markup);
        // Nothing opens that the expression does not take for a tag.
        expect(tags).toHaveLength(markup.match(/<(?![/!])/g)?.length ?? 0);
        expect(tags.filter(({ name }) => !ALLOWED.has(name))).toEqual([]);
        expect(tags.filter(({ attributes }) => /\s(?:style|on[a-z]+|srcdoc)=/i.test(attributes))).toEqual([]);
        const scripts = tags.filter(({ name }) => name === "script");
        expect(scripts.map(({ attributes }) => attributes)).toEqual([
          ' type="application/ld+json"',
          ' type="application/ld+json"',
        ]);
        expect(tags.filter(({ name }) => name === "style")).toHaveLength(1);
        const links = tags.flatMap(({ attributes }) => /\shref="([^"]*)"/.exec(attributes)?.[1] ?? []);
        expect(links.filter((link) => !/^(?:https:\/\/|mailto:|sms:|\/|#)/.test(link))).toEqual([]);
        for (const [, json = ""] of markup.matchAll(
          /<script type="application\/ld\+json">([^<]*)<\/script>/g,
        ))
          expect(() => JSON.parse(json)).not.toThrow();
      }),
      { numRuns: RUNS },
    );
  },
  PATIENCE_MILLISECONDS,
);
