import type { SignedIn } from "@/components/admin/AdminDocument";
import { moment } from "@/components/admin/moment";

type Reason = "key" | "domain" | "sender" | "account" | "endpoint";

export type MailTroubleShown = {
  stop: { since: Date; by: "restore" | "operator" } | null;
  failures: { reason: Reason; answer: string; since: Date }[];
};

const REFUSED = {
  key: {
    what: "The mail provider refuses our key.",
    todo: "Ask the site's operator to make a key with the right to send at the provider, to put it into RESEND_API_KEY, and to restart the mail worker.",
  },
  domain: {
    what: "The mail provider has not verified our domain.",
    todo: "Ask the site's operator to sign in at the provider, to open the domain that MAIL_FROM names, and to add the DNS records it lists. After that the provider needs some minutes to see them.",
  },
  sender: {
    what: "The mail provider refuses our sender's address.",
    todo: "Ask the site's operator to correct MAIL_FROM, for example Campaign <petition@campaign.org>, and to restart web server and mail worker.",
  },
  account: {
    what: "The mail provider refuses our account.",
    todo: "Ask the person who pays the provider to sign in there: a bill may be open, or the account suspended.",
  },
  endpoint: {
    what: "What answers in the mail provider's place is somebody else.",
    todo: "Ask the site's operator to look at RESEND_BASE_URL, and at proxies and firewalls between the mail worker and the provider.",
  },
} as const satisfies Record<Reason, { what: string; todo: string }>;

/** Says why no mail is being sent and what to do; renders nothing if mail is being sent. */
export function MailAlarm({ trouble, role }: { trouble: MailTroubleShown; role: SignedIn["role"] }) {
  const { stop, failures } = trouble;
  return (
    <>
      {stop === null ? null : (
        <section className="alert" aria-labelledby="mail-stopped">
          <h2 id="mail-stopped">Mail is stopped</h2>
          <p>
            {stop.by === "restore"
              ? "This is a copy from a backup. It sends nothing until somebody says so, because the site that the backup was taken from may be running and sending."
              : "Whoever runs the site has stopped it."}{" "}
            Stopped since {moment(stop.since)} UTC. Mail is kept, and nobody who signs can confirm meanwhile.
          </p>
          {role === "owner" ? (
            <form method="post" action="/admin/mail">
              <input type="hidden" name="action" value="resume" />
              <p>
                <button type="submit">Let mail go out</button>
              </p>
            </form>
          ) : (
            <p>An owner can let it go out.</p>
          )}
        </section>
      )}
      {failures.length === 0 ? null : (
        <section className="alert" aria-labelledby="mail-refused">
          <h2 id="mail-refused">Mail does not go out</h2>
          {failures.map(({ reason, answer, since }) => (
            <p key={reason}>
              <strong>{REFUSED[reason].what}</strong> {REFUSED[reason].todo} The provider's answer since{" "}
              {moment(since)} UTC: <code>{answer}</code>
            </p>
          ))}
          <p>No mail is lost: it is kept, and goes out by itself within two minutes of being mended.</p>
        </section>
      )}
    </>
  );
}
