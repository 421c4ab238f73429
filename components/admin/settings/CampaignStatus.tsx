import { OUTCOME_NAMES } from "@/components/admin/campaigns/state-words";
import type { FormAction } from "@/components/admin/form-state";
import { DeskForm } from "@/components/admin/kit/DeskForm";
import { Choice, Submit, TextArea } from "@/components/admin/kit/fields";
import { Moment } from "@/components/admin/kit/Moment";
import { outcomeField } from "@/components/admin/settings/outcome-field";
import { TimesShown } from "@/components/admin/TimesShown";
import type { DeskCampaign } from "@/lib/editing";
import { directionOf, type Locale, nativeNameOf } from "@/lib/i18n/locales";

type CampaignStatusProps = {
  campaign: DeskCampaign;
  /** What the text says of the outcome already. */
  outcomeTexts: ReadonlyMap<Locale, string>;
  /** How many days after signing a signature can be confirmed. */
  confirmationDays: number;
  /** How many months names are kept. */
  keptMonths: { closed: number; handedOver: number };
  actions: {
    /** Does what the pressed button says. One action, so that its answer is shown whatever the status is then. */
    closeOrReopen: FormAction;
    handOver: FormAction;
    archiveOrUnarchive: FormAction;
  };
};

/** Closes a campaign with what it reached, or opens it again, hands it over and archives it. */
export function CampaignStatus(props: CampaignStatusProps) {
  const { campaign, actions } = props;
  const isClosed = campaign.status === "closed";
  return (
    <section id="status" aria-labelledby="status-title">
      <h2 id="status-title">Open or closed</h2>
      {isClosed ? <TimesShown /> : null}
      <DeskForm name="status" action={actions.closeOrReopen}>
        {isClosed ? <Reopening outcome={campaign.outcome} /> : <Closing {...props} />}
      </DeskForm>
      {isClosed ? <AfterClosing {...props} /> : null}
    </section>
  );
}

function Reopening({ outcome }: Pick<DeskCampaign, "outcome">) {
  return (
    <>
      <p>
        The campaign is closed{outcome === null ? "" : `: ${OUTCOME_NAMES[outcome]}`}. It takes no new
        signatures, and its pages and pictures say so. If you open it again, its outcome is no longer shown,
        and that it was handed over or archived is forgotten.
      </p>
      <Submit name="action" value="reopen" className="quiet">
        Open it again
      </Submit>
    </>
  );
}

function Closing({ campaign, outcomeTexts, confirmationDays, keptMonths }: CampaignStatusProps) {
  return (
    <>
      <p>
        The campaign is open. Once you close it, it takes no new signatures, but those made before can still
        be confirmed within {confirmationDays} days of signing. Names and addresses are deleted{" "}
        {months(keptMonths.closed)} later.
      </p>
      <Choice
        name="outcome"
        label="What it reached"
        hint="Its pages, feeds and pictures say so at once."
        initial=""
        options={[
          { value: "", label: "Not said" },
          ...Object.entries(OUTCOME_NAMES).map(([value, label]) => ({ value, label })),
        ]}
      />
      {campaign.languages.map((locale) => (
        <TextArea
          key={locale}
          name={outcomeField(locale)}
          label={
            <>
              What happened, in <bdi lang={locale}>{nativeNameOf(locale)}</bdi>
            </>
          }
          hint="Stands at the top of the page. As in the rest of the text, give the source of what you state, like [^K1]."
          initial={outcomeTexts.get(locale) ?? ""}
          lang={locale}
          dir={directionOf(locale)}
          rows={4}
        />
      ))}
      <Submit name="action" value="close" className="quiet">
        Close the campaign
      </Submit>
    </>
  );
}

function AfterClosing({ campaign, keptMonths, actions }: CampaignStatusProps) {
  const { archived, handedOverAt } = campaign;
  return (
    <>
      <h3>Handing over</h3>
      <DeskForm name="hand-over" action={actions.handOver}>
        {handedOverAt === null ? (
          <>
            <p>
              Note here when you have handed the signatures to those whom the campaign addresses. Names and
              addresses are deleted {months(keptMonths.handedOver)} after that, at the latest{" "}
              {months(keptMonths.closed)} after closing. Counts stay.
            </p>
            <Submit className="quiet">Note that it was handed over</Submit>
          </>
        ) : (
          <p>
            It was handed over on <Moment at={handedOverAt} format="day" />. Names and addresses are deleted{" "}
            {months(keptMonths.handedOver)} after that.
          </p>
        )}
      </DeskForm>
      <h3>Archive</h3>
      <DeskForm name="archive" action={actions.archiveOrUnarchive}>
        <p>
          {archived
            ? "The campaign is archived: it is left out of lists. Its pages stay where they are."
            : "An archived campaign is left out of lists, here and on the site. Its pages stay where they are."}
        </p>
        <Submit name="action" value={archived ? "unarchive" : "archive"} className="quiet">
          {archived ? "Put it back into lists" : "Archive it"}
        </Submit>
      </DeskForm>
    </>
  );
}

function months(number: number): string {
  return number === 1 ? "one month" : `${number} months`;
}
