import type { SiteProps } from "@/components/document/types";
import { campaignPath } from "@/lib/campaigns";
import type { Locale } from "@/lib/i18n/locales";
import { messagesFor } from "@/lib/i18n/messages";
import type { ShareTexts } from "@/lib/sharing";

/**
 * Percent-encodes only characters with a meaning in a query. Letters beyond ASCII stay as they are: browsers
 * encode them (URL Standard, "percent-encode after encoding"), and Urdu then takes a third of the bytes.
 */
function forQuery(text: string): string {
  return text.replace(/[\p{ASCII}]+/gu, encodeURIComponent);
}

/** The channels people share on. Each may have a short link and its own text. */
type TextChannel = keyof ShareTexts;
export type Channel = TextChannel | "facebook" | "link" | "qr";

export type ShareLinksProps = {
  site: SiteProps;
  locale: Locale;
  slug: string;
  /** Codes of short links, one per channel. Without them, links point directly to the campaign. */
  codes?: Readonly<Record<Channel, string>> | null | undefined;
  /** A text per channel, and the subject of a mail. */
  texts: ShareTexts;
  subject: string;
  /** True adds a link to the QR code, where no panel shows it. */
  code?: boolean;
};

/** Returns the address to share in one channel: a short link if there is a code. */
export function sharedAddress({ site, locale, slug, codes }: ShareLinksProps, channel: Channel): string {
  if (!codes) return site.siteUrl + campaignPath(slug, locale);
  return `${site.siteUrl}/s/${codes[channel]}`;
}

/** Plain share links: no third-party scripts, no third-party counters. */
export function ShareLinks(props: ShareLinksProps) {
  const { locale, slug, texts, subject, code = false } = props;
  const { share } = messagesFor(locale);
  const address = (channel: Channel) => forQuery(sharedAddress(props, channel));
  const text = (channel: TextChannel) => forQuery(texts[channel]);
  const both = (channel: TextChannel) => `${text(channel)}%20${address(channel)}`;
  const places = [
    ["WhatsApp", `https://wa.me/?text=${both("whatsapp")}`],
    ["Telegram", `https://t.me/share/url?url=${address("telegram")}&text=${text("telegram")}`],
    ["Facebook", `https://www.facebook.com/sharer/sharer.php?u=${address("facebook")}`],
    ["X", `https://x.com/intent/post?url=${address("x")}&text=${text("x")}`],
    ["Bluesky", `https://bsky.app/intent/compose?text=${both("bluesky")}`],
    [share.email, `mailto:?subject=${forQuery(subject)}&body=${both("email")}`],
    [share.sms, `sms:?&body=${both("sms")}`],
  ] as const;
  return (
    <nav className="share" aria-label={share.label} data-url={sharedAddress(props, "link")}>
      <ul>
        {places.map(([place, href]) => (
          <li key={place}>
            <a href={href} rel="noreferrer nofollow">
              {place}
            </a>
          </li>
        ))}
        {code ? (
          <li>
            <a href={`${campaignPath(slug, locale)}/qr.svg`}>QR</a>
          </li>
        ) : null}
      </ul>
    </nav>
  );
}
