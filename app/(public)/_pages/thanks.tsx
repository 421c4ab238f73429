import { ThanksPage } from "@/components/campaign/ThanksPage";
import { campaignNamed, campaignSlugs, languagesOf } from "@/lib/campaigns";
import { isDatabaseUnavailable } from "@/lib/db/unavailable";
import { SHOWN_TO_SANDBOXES } from "@/lib/http/baseline";
import { WarmPages } from "@/lib/http/warm-pages";
import type { Locale } from "@/lib/i18n/locales";
import { perProcess } from "@/lib/per-process";
import { STEPS, type Step, supporters } from "@/lib/sharing";
import { campaignFigures } from "@/lib/signing";
import { PAGE_HEADERS, render } from "./render";
import { sharing } from "./sharing";
import { site } from "./site";

/** How often the pages are checked, besides on every announced change, in milliseconds. */
export const THANKS_REFRESH_MILLISECONDS = 10_000;
/** Placeholder for the provider in the page, which is rendered once for all providers. */
const MEANT_PLACEHOLDER = "MEANT-PLACEHOLDER";
const KINDS = ["pending", "confirmed", "review", "meant"] as const;

/** Signing leads here from any frame, including sandboxed ones. */
const HEADERS = { ...PAGE_HEADERS, ...SHOWN_TO_SANDBOXES };

type Which = { slug: string; locale: Locale; step: Step; kind: (typeof KINDS)[number] };
type Shown = { names: readonly string[]; closed: boolean };

/** The thanks pages of this process: all campaigns, languages and steps. */
export const thanksPages = perProcess("pages/thanks", () => new WarmPages(readPages));

/**
 * Answers with "check your mail", with `confirmed` "your signature counts", or with `review` "we look at it
 * first". Served from pages rendered in advance, the same for everyone.
 * @param meant the provider that the address was probably meant for.
 */
export function answerThanks(
  request: Request,
  asked: {
    slug: string;
    locale: Locale;
    step: Step;
    confirmed: boolean;
    review: boolean;
    meant: string | null;
  },
): Promise<Response> {
  const { slug, locale, step, confirmed, review, meant } = asked;
  const kind = confirmed ? "confirmed" : review ? "review" : meant === null ? "pending" : "meant";
  const which = { slug, locale, step, kind } as const;
  const rendered = async () =>
    renderThanks(which, await shownOrNothing(slug), await sharing(slug, locale, step));
  const fill = (markup: string) => markup.replaceAll(MEANT_PLACEHOLDER, meant ?? "");
  return thanksPages.answer(request, keyOf(which), HEADERS, rendered, kind === "meant" ? fill : undefined);
}

async function readPages() {
  const campaigns = await Promise.all(campaignSlugs().map(readCampaign));
  return {
    state: JSON.stringify(campaigns.map(({ state }) => state)),
    pages: new Map(campaigns.flatMap(({ pages }) => pages)),
  };
}

async function readCampaign(slug: string) {
  const shown = await shownOn(slug);
  const shares = await Promise.all(
    languagesOf(slug).flatMap((locale) =>
      STEPS.map(async (step) => ({ locale, step, share: await sharing(slug, locale, step) })),
    ),
  );
  const pages = shares.flatMap(({ locale, step, share }) =>
    KINDS.map((kind) => {
      const which = { slug, locale, step, kind };
      return [keyOf(which), () => renderThanks(which, shown, share)] as const;
    }),
  );
  return { state: [campaignNamed(slug)?.version, shown, shares], pages };
}

function keyOf({ slug, locale, step, kind }: Which): string {
  return `${locale}/${slug}?${kind}&${step}`;
}

async function shownOn(slug: string): Promise<Shown> {
  const [names, figures] = await Promise.all([supporters(slug), campaignFigures(slug)]);
  return { names, closed: figures?.status === "closed" };
}

async function shownOrNothing(slug: string): Promise<Shown> {
  try {
    return await shownOn(slug);
  } catch (error) {
    if (!isDatabaseUnavailable(error)) throw error;
    return { names: [], closed: false };
  }
}

function renderThanks(
  { slug, locale, kind }: Which,
  { names, closed }: Shown,
  share: Awaited<ReturnType<typeof sharing>>,
): Promise<string> {
  const meant = kind === "meant" ? MEANT_PLACEHOLDER : null;
  const common = {
    site: site(),
    locale,
    slug,
    confirmed: kind === "confirmed",
    review: kind === "review",
    meant,
    closed,
  };
  return render(<ThanksPage {...common} {...share} supporters={names} />);
}
