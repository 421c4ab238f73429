import { colourStyles } from "@/components/campaign/colours";
import { Document } from "@/components/document/Document";
import type { Script, SiteProps } from "@/components/document/types";
import { needsAttention, SignatureForm, type SignatureFormProps } from "@/components/form/SignatureForm";
import { campaignNamed } from "@/lib/campaigns";
import { messagesFor } from "@/lib/i18n/messages";

export type EmbedPageProps = Omit<SignatureFormProps, "framed"> & {
  site: SiteProps;
  /** Reports the form's height to the framing page. */
  resizer?: Script;
};

/** The form alone, for other sites to frame. */
export function EmbedPage({ site, resizer, ...form }: EmbedPageProps) {
  const messages = messagesFor(form.locale);
  const campaign = campaignNamed(form.slug);
  const headline = campaign?.documents.get(form.locale)?.title ?? messages.form.title;
  const title = needsAttention(form) ? messages.site.errorTitle({ title: headline }) : headline;
  return (
    <Document
      site={site}
      locale={form.locale}
      title={title}
      description={headline}
      path={null}
      indexed={false}
      styles={colourStyles(campaign?.settings.colours)}
      bare
    >
      <main className="sheet">
        <h1>{headline}</h1>
        <p>
          <bdi>{site.organisation}</bdi>
        </p>
        <SignatureForm {...form} framed />
      </main>
      {resizer === undefined ? null : (
        <script src={resizer.path} integrity={resizer.integrity} type="module" />
      )}
    </Document>
  );
}
