import type { SiteProps } from "@/components/document/types";
import type { PublishedCampaign } from "@/lib/campaigns";
import { publicTime } from "@/lib/disclosure";
import { type CampaignDocument, plainText, type SimpleBlock } from "@/lib/document";

// Types of schema.org, as far as we use them.
type Organisation = { "@type": "Organization"; name: string; url?: string };
type Work = {
  "@type": "CreativeWork";
  name: string;
  url: string;
  publisher: Organisation;
  datePublished?: string;
};
type Petition = Omit<Work, "datePublished"> & {
  mainEntityOfPage: string;
  genre: "petition";
  keywords: "petition";
  description: string;
  inLanguage: string;
  dateModified: string;
  citation: readonly Work[];
  potentialAction?: { "@type": "EndorseAction"; target: { "@type": "EntryPoint"; urlTemplate: string } };
  interactionStatistic?: {
    "@type": "InteractionCounter";
    interactionType: "https://schema.org/EndorseAction";
    userInteractionCount: number;
  };
};
type Questions = {
  "@type": "FAQPage";
  inLanguage: string;
  mainEntity: readonly {
    "@type": "Question";
    name: string;
    acceptedAnswer: { "@type": "Answer"; text: string };
  }[];
};
type Graph = { "@context": "https://schema.org"; "@graph": readonly (Petition | Questions)[] };

/** Describes a campaign in one language for search engines: the petition, and the questions it answers. */
export function campaignData(shown: {
  site: SiteProps;
  campaign: PublishedCampaign;
  document: CampaignDocument;
  status: "open" | "closed";
  count: number | null;
}): Graph {
  const { site, campaign, document, status, count } = shown;
  const { locale, title, summary } = document;
  const address = `${site.siteUrl}/${locale}/${campaign.slug}`;
  const petition: Petition = {
    "@type": "CreativeWork",
    name: title,
    url: address,
    publisher: { "@type": "Organization", name: site.organisation, url: site.siteUrl },
    mainEntityOfPage: address,
    genre: "petition",
    keywords: "petition",
    description: plainText(summary),
    inLanguage: locale,
    dateModified: publicTime(campaign.publishedAt).toISOString(),
    citation: citationsOf(campaign, document),
    ...(status === "closed"
      ? {}
      : {
          potentialAction: {
            "@type": "EndorseAction",
            target: { "@type": "EntryPoint", urlTemplate: `${address}#sign` },
          },
        }),
    ...(count === null
      ? {}
      : {
          interactionStatistic: {
            "@type": "InteractionCounter",
            interactionType: "https://schema.org/EndorseAction",
            userInteractionCount: count,
          },
        }),
  };
  const questions = questionsOf(document);
  return {
    "@context": "https://schema.org",
    "@graph": questions.mainEntity.length === 0 ? [petition] : [petition, questions],
  };
}

function citationsOf({ sources }: PublishedCampaign, { locale, references }: CampaignDocument): Work[] {
  return references.flatMap((key) => {
    const source = sources.get(key);
    if (!source) return [];
    const { publisher, titles, url, date } = source;
    return {
      "@type": "CreativeWork",
      name: titles[locale] ?? publisher,
      url,
      publisher: { "@type": "Organization", name: publisher },
      ...(date === null ? {} : { datePublished: date }),
    };
  });
}

function questionsOf({ locale, sections }: CampaignDocument): Questions {
  const blocks = sections.flatMap((section) => section.blocks);
  return {
    "@type": "FAQPage",
    inLanguage: locale,
    mainEntity: blocks.flatMap((block) =>
      block.kind === "question"
        ? {
            "@type": "Question" as const,
            name: block.title,
            acceptedAnswer: { "@type": "Answer" as const, text: block.blocks.map(words).join(" ") },
          }
        : [],
    ),
  };
}

function words(block: SimpleBlock): string {
  return block.kind === "paragraph" ? plainText(block.text) : block.items.map(plainText).join("; ");
}
