import type { ReactNode } from "react";
import { Document } from "@/components/document/Document";
import type { SiteProps } from "@/components/document/types";

type ShownMail = { id: string; to: string; from: string; subject: string; text: string; sentAt: string };

/**
 * Mails that stayed on this machine, as text with working links, newest first. For developers, so English
 * only.
 */
export function MailboxPage({ site, mails }: { site: SiteProps; mails: ShownMail[] }) {
  return (
    <Document
      site={site}
      locale="en"
      title="Local mailbox"
      description="Mail that stayed on this machine"
      path={null}
    >
      <main className="sheet">
        <h1>Local mailbox</h1>
        <p>
          No mail leaves this machine until <code>RESEND_API_KEY</code> is set. The same as data:{" "}
          <a href="/dev/mailbox.json">mailbox.json</a>
        </p>
        {mails.length === 0 ? <p>No mail yet.</p> : null}
        {mails.map((mail) => (
          <article key={mail.id}>
            <h2 dir="auto">{mail.subject}</h2>
            <p>
              To <bdi>{mail.to}</bdi>, <time dateTime={mail.sentAt}>{mail.sentAt}</time>
            </p>
            {mail.text.split(/\n{2,}/).map((paragraph, place) => (
              <p key={place} dir="auto">
                {withLinks(paragraph)}
              </p>
            ))}
          </article>
        ))}
      </main>
    </Document>
  );
}

function withLinks(text: string): ReactNode[] {
  return text.split(/(https?:\/\/\S+)/).map((part, index) =>
    index % 2 === 1 ? (
      <a key={index} href={part}>
        {part}
      </a>
    ) : (
      part
    ),
  );
}
