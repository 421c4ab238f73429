import type { ReactNode } from "react";
import type { FormAction } from "@/components/admin/form-state";
import { Submit } from "@/components/admin/kit/fields";
import { Moment } from "@/components/admin/kit/Moment";
import { RowForm, RowForms } from "@/components/admin/kit/RowForms";
import type { MailTrouble } from "@/lib/desk";
import type { Misconfiguration } from "@/lib/observability";

const REFUSED = {
  key: {
    what: "The mail provider refuses our key.",
    todo: "Ask the site's operator to create a key at the provider that may send, to set RESEND_API_KEY to it, and to restart the mail worker.",
  },
  domain: {
    what: "The mail provider has not verified our domain.",
    todo: "Ask the site's operator to sign in at the provider, to open the domain that MAIL_FROM names, and to add the DNS records it lists. The provider needs a few minutes to notice them.",
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
    what: "Something other than the mail provider answers at its address.",
    todo: "Ask the site's operator to check RESEND_BASE_URL, and any proxies and firewalls between the mail worker and the provider.",
  },
} as const satisfies Record<Misconfiguration, { what: string; todo: string }>;

type MailAlarmProps = {
  trouble: MailTrouble;
  /** Null for those who may not resume mail. */
  resume: FormAction | null;
};

/** Says why no mail is being sent and what to do; renders nothing if mail is being sent. */
export function MailAlarm({ trouble, resume }: MailAlarmProps) {
  const { stop, failures } = trouble;
  return (
    <>
      {resume !== null ? (
        <RowForms name="resume" action={resume}>
          <Stopped stop={stop}>
            <RowForm>
              <Submit>Let mail go out</Submit>
            </RowForm>
          </Stopped>
        </RowForms>
      ) : (
        <Stopped stop={stop}>
          <p>An owner can let it go out.</p>
        </Stopped>
      )}
      {failures.length === 0 ? null : (
        <section className="alert" aria-labelledby="mail-refused">
          <h2 id="mail-refused">Mail does not go out</h2>
          {failures.map(({ reason, answer, since }) => (
            <p key={reason}>
              <strong>{REFUSED[reason].what}</strong> {REFUSED[reason].todo} The provider's answer since{" "}
              <Moment at={since} />: <code>{answer}</code>
            </p>
          ))}
          <p>No mail is lost. It is kept, and goes out by itself within two minutes once this is fixed.</p>
        </section>
      )}
    </>
  );
}

function Stopped({ stop, children }: { stop: MailTrouble["stop"]; children: ReactNode }) {
  if (stop === null) return null;
  return (
    <section className="alert" aria-labelledby="mail-stopped">
      <h2 id="mail-stopped">Mail is stopped</h2>
      <p>
        {stop.by === "restore"
          ? "This is a copy from a backup. It sends no mail until an owner lets it, because the site that the backup was taken from may still be sending."
          : "The people who run the site have stopped it."}{" "}
        Stopped since <Moment at={stop.since} />. Mail is kept. Until it goes out again, nobody who signs can
        confirm.
      </p>
      {children}
    </section>
  );
}
