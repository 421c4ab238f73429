import type { SiteProps } from "@/components/document/types";
import type { Locale } from "@/lib/i18n/locales";
import { messagesFor } from "@/lib/i18n/messages";

/**
 * Percent-encodes for a query what has a meaning in one, and leaves letters beyond ASCII as they are: a browser encodes
 * them itself (URL Standard, "percent-encode after encoding"), and Urdu then takes a third of the bytes.
 */
function forQuery(text: string): string {
  return text.replace(/[\p{ASCII}]+/gu, encodeURIComponent);
}

/** Plain links that share the petition: no one's script, no one's counter. */
export function ShareLinks({ site, locale, slug }: { site: SiteProps; locale: Locale; slug: string }) {
  const { share } = messagesFor(locale);
  const url = `${site.siteUrl}/${locale}/${slug}`;
  const address = forQuery(url);
  const text = forQuery(share.text);
  const both = forQuery(`${share.text} ${url}`);
  const places = [
    ["WhatsApp", `https://wa.me/?text=${both}`],
    ["Telegram", `https://t.me/share/url?url=${address}&text=${text}`],
    ["Facebook", `https://www.facebook.com/sharer/sharer.php?u=${address}`],
    ["X", `https://x.com/intent/post?url=${address}&text=${text}`],
    ["Bluesky", `https://bsky.app/intent/compose?text=${both}`],
    [share.email, `mailto:?subject=${forQuery(share.subject)}&body=${both}`],
    [share.sms, `sms:?&body=${both}`],
  ] as const;
  return (
    <nav className="share" aria-label={share.label} data-url={url}>
      <ul>
        {places.map(([place, href]) => (
          <li key={place}>
            <a href={href} rel="noreferrer nofollow">
              {place}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}
