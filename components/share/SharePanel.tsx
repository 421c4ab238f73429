import { ShareLinks, type ShareLinksProps, sharedAddress } from "@/components/share/ShareLinks";
import { messagesFor } from "@/lib/i18n/messages";

/** Every way to pass the petition on: links, the address as text, a code to scan, pictures to post, paper to print. */
export function SharePanel(props: ShareLinksProps) {
  const { locale, slug, codes } = props;
  const { share } = messagesFor(locale);
  const petition = `/${locale}/${slug}`;
  // On paper, too, a signer's own code; else the routes put in that of their channel.
  const reference = typeof codes === "string" ? `?ref=${codes}` : "";
  const files = [
    [share.poster, `${petition}/poster.pdf${reference}`],
    [share.sheet, `${petition}/sheet.pdf${reference}`],
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
        <img
          src={`${petition}/qr.svg${reference}`}
          alt={share.codeAlternative}
          width="240"
          height="240"
          loading="lazy"
        />
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
