import { counted } from "@/components/admin/counted";
import { Submit } from "@/components/admin/kit/fields";
import { Moment } from "@/components/admin/kit/Moment";
import { RowForm, RowForms } from "@/components/admin/kit/RowForms";
import { MailPause } from "@/components/admin/overview/MailPause";
import type { MailActions } from "@/components/admin/overview/mail-actions";
import { Tiles } from "@/components/admin/overview/Tiles";
import { count } from "@/components/admin/overview/words";
import type { MailHealth } from "@/lib/desk";

type MailProps = {
  mail: MailHealth;
  /** Null for those who may not decide. */
  actions: MailActions | null;
};

/** How mail is doing, and what owners have to decide about it. */
export function Mail({ mail, actions }: MailProps) {
  const { oldestQueuedSeconds: oldest } = mail;
  return (
    <section>
      <h2>Mail</h2>
      <p>These figures are about the mail of all campaigns.</p>
      <MailPause until={mail.pausedUntil} reason={mail.pauseReason} />
      <Tiles
        tiles={[
          ["waiting to be sent", count(mail.queued)],
          ["handed over, not yet answered", count(mail.batched)],
          ["age of the oldest waiting", oldest === null ? "–" : `${count(Math.round(oldest))} s`],
          ["sent in 24 hours", count(mail.sentLastDay)],
          ["given up", count(mail.dead.reduce((sum, { mails }) => sum + mails, 0))],
          ["bounced in 30 days", count(mail.bounced)],
          ["complaints in 30 days", count(mail.complained)],
          ["batches that need a decision", count(mail.ambiguous.length)],
        ]}
      />
      {actions === null ? (
        <>
          <GivenUp dead={mail.dead} mayChange={false} />
          <Ambiguous batches={mail.ambiguous} mayChange={false} />
        </>
      ) : (
        <>
          <RowForms name="retry" action={actions.retry}>
            <GivenUp dead={mail.dead} mayChange />
          </RowForms>
          <RowForms name="decide" action={actions.decide}>
            <Ambiguous batches={mail.ambiguous} mayChange />
          </RowForms>
        </>
      )}
    </section>
  );
}

type GivenUpProps = { dead: MailHealth["dead"]; mayChange: boolean };

function GivenUp({ dead, mayChange }: GivenUpProps) {
  return dead.map(({ reason, mails, mayRetry }) => {
    const what = `${counted(mails, "mail")} given up: ${reason}`;
    if (!mayChange || !mayRetry) return <p key={reason}>{what}</p>;
    return (
      <RowForm key={reason} hidden={{ reason }}>
        <p>
          {what} <Submit className="quiet">Try these again</Submit>
        </p>
      </RowForm>
    );
  });
}

type AmbiguousProps = { batches: MailHealth["ambiguous"]; mayChange: boolean };

function Ambiguous({ batches, mayChange }: AmbiguousProps) {
  if (batches.length === 0) return null;
  return (
    <>
      <h3>Were these sent?</h3>
      <p>
        The provider did not answer in time, and would send them twice if we simply repeated them. Look up
        these times in the provider’s own log, then decide.
      </p>
      {batches.map(({ id, createdAt, mails, reason }) => {
        const what = (
          <>
            {counted(mails, "mail")} of <Moment at={createdAt} format="second" />
            {reason === null ? null : ` (${reason})`}
          </>
        );
        if (!mayChange) return <p key={id}>{what}</p>;
        return (
          <RowForm key={id} hidden={{ batch: id }}>
            <p>
              {what}{" "}
              <Submit name="decision" value="sent" className="quiet">
                They were sent
              </Submit>{" "}
              <Submit name="decision" value="again" className="quiet">
                Send them again
              </Submit>
            </p>
          </RowForm>
        );
      })}
    </>
  );
}
