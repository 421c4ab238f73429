import { ShareLinks, type ShareLinksProps, sharedAddress } from "@/components/share/ShareLinks";
import { campaignPath } from "@/lib/campaigns";
import { messagesFor } from "@/lib/i18n/messages";

/** All ways to share the petition: links, the address as text, a QR code, images to post, paper to print. */
export function SharePanel(props: ShareLinksProps) {
  const { locale, slug } = props;
  const { share } = messagesFor(locale);
  const petition = campaignPath(slug, locale);
  const files = [
    [share.poster, `${petition}/poster.pdf`],
    [share.sheet, `${petition}/sheet.pdf`],
    [share.square, `${petition}/picture/square`],
    [share.story, `${petition}/picture/story`],
  ] as const;
  return (
    <>
      <ShareLinks {...props} />
      <p>
        {share.link}: <bdi dir="ltr">{sharedAddress(props, "link")}</bdi>
      </p>
      <details>
        <summary>{share.code}</summary>
        <img src={`${petition}/qr.svg`} alt={share.codeAlternative} width="240" height="240" loading="lazy" />
      </details>
      <ul>
        {files.map(([words, address]) => (
          <li key={address}>
            <a href={address}>{words}</a>
          </li>
        ))}
      </ul>
    </>
  );
}
