import Link from "next/link";
import { counted } from "@/components/admin/counted";
import type { FormAction } from "@/components/admin/form-state";
import { DeskForm } from "@/components/admin/kit/DeskForm";
import { Choice, Submit, TextArea, TextField } from "@/components/admin/kit/fields";
import { Moment } from "@/components/admin/kit/Moment";
import type { DeskCampaign, Outlook, Version } from "@/lib/editing";

export type ShownDraft = Version & { outlook: Outlook };

/** Null for those who may not do it. */
type DraftActions = {
  submit: FormAction | null;
  publish: FormAction | null;
  return: FormAction | null;
  discard: FormAction | null;
};

type WorkingDraftProps = {
  campaign: DeskCampaign;
  draft: ShownDraft;
  timeZone: string;
  actions: DraftActions;
};

/** The text that is being worked on: how it is doing, and what can be done with it. */
export function WorkingDraft({ campaign, draft, timeZone, actions }: WorkingDraftProps) {
  const { slug, version } = campaign;
  const { state, outlook, remark, returnedBy } = draft;
  const hidden = { revision: String(draft.revision) };
  const isReady = outlook.faults.length === 0;
  return (
    <section aria-labelledby="draft">
      <h2 id="draft">Draft</h2>
      <p>
        <DraftState draft={draft} /> {draft.authorLabel} changed it last, <Moment at={draft.changedAt} />.{" "}
        <Link href={`/admin/${slug}/text`} prefetch={false}>
          Open the text
        </Link>
        {". "}
        <Link href={`/admin/${slug}/versions/draft`} prefetch={false}>
          {version === null ? "Read it as it is" : "See what differs from the published text"}
        </Link>
        .
      </p>
      {returnedBy === null || remark === "" ? null : (
        <div className="alert">
          <p>{returnedBy} returned it with this remark:</p>
          <blockquote dir="auto" className="lines">
            {remark}
          </blockquote>
        </div>
      )}
      <Problems slug={slug} faults={outlook.faults} />
      {state === "draft" && actions.submit !== null && isReady ? (
        <DeskForm name="submit" action={actions.submit} hidden={hidden}>
          <p>
            Have somebody read it before it is published. You can still change it; then it is a draft again.
          </p>
          <Submit className={outlook.missing === "not-in-review" ? undefined : "quiet"}>
            Send to review
          </Submit>
        </DeskForm>
      ) : null}
      {actions.publish === null || !isReady ? null : outlook.missing === null ? (
        <Publish draft={draft} isFirst={version === null} timeZone={timeZone} action={actions.publish} />
      ) : (
        <p>{WHY_NOT[outlook.missing]}</p>
      )}
      {state === "draft" || actions.return === null ? null : (
        <DeskForm name="return" action={actions.return}>
          <TextArea
            name="remark"
            label="Remark"
            hint="Why it is returned, and what is to be done. It stands above the draft until it is sent to review again."
            rows={3}
            dir="auto"
            required
          />
          <Submit className="quiet">
            {state === "scheduled" ? "Do not publish it, return it" : "Return it to be changed"}
          </Submit>
        </DeskForm>
      )}
      {actions.discard === null ? null : (
        <DeskForm name="discard" action={actions.discard} hidden={hidden}>
          <Submit className="quiet">Discard the draft</Submit>
        </DeskForm>
      )}
    </section>
  );
}

/** Why somebody who may publish cannot publish this, where two people are asked for. */
const WHY_NOT = {
  author:
    "You cannot publish this draft: you wrote some of it, and this campaign asks for two people. Somebody else who may publish can do it.",
  "not-in-review":
    "It cannot be published yet: this campaign asks for two people. Once it is in review, somebody who did not write it can publish it.",
} as const;

function DraftState({ draft }: { draft: ShownDraft }) {
  switch (draft.state) {
    case "in_review":
      return (
        <>
          It is in review since <Moment at={draft.submittedAt} />.
        </>
      );
    case "scheduled":
      return (
        <>
          <strong>
            It will be published at <Moment at={draft.publishAt} />
          </strong>
          , as {draft.schedulerLabel} set it.
        </>
      );
    default:
      return "It is being written.";
  }
}

/** More problems than these are told in the editor. */
const PROBLEMS_SHOWN = 20;

function Problems({ slug, faults }: { slug: string; faults: Outlook["faults"] }) {
  if (faults.length === 0) return <p>The text has no problems. It can be published.</p>;
  return (
    <>
      <p>
        The text has {counted(faults.length, "problem")}. It can be published once there are none.{" "}
        <Link href={`/admin/${slug}/text`} prefetch={false}>
          Put them right in the text
        </Link>
        .
      </p>
      <details open={faults.length <= 3}>
        <summary>The problems</summary>
        <ul>
          {faults.slice(0, PROBLEMS_SHOWN).map(({ file, line, message }) => (
            <li key={`${file} ${line} ${message}`}>
              <code>{file}</code>, line {line}: {message}
            </li>
          ))}
        </ul>
        {faults.length > PROBLEMS_SHOWN ? <p>And {faults.length - PROBLEMS_SHOWN} more.</p> : null}
      </details>
    </>
  );
}

type PublishProps = { draft: ShownDraft; isFirst: boolean; timeZone: string; action: FormAction };

function Publish({ draft, isFirst, timeZone, action }: PublishProps) {
  const { revision, note, outlook } = draft;
  return (
    <DeskForm name="publish" action={action} hidden={{ revision: String(revision) }}>
      <p>
        Once published, the text is visible at once in {counted(outlook.languages.length, "language")}
        {isFirst ? ", and people can sign it." : ", in the place of the one that is published now."}
      </p>
      <TextArea
        name="note"
        label="What has changed"
        hint="A sentence for those who look at the versions later."
        initial={note || (isFirst ? "First version" : "")}
        rows={2}
        dir="auto"
        required
      />
      {outlook.changesCall ? (
        <>
          <p>
            The draft asks for something else than what people have signed. Its page will say “Changed on …”
            and show what it asked for before. Earlier signatures stay.
          </p>
          <Choice
            name="tellSigners"
            label="Those who signed the earlier call"
            hint="This is noted with the version. The site cannot send such a mail yet."
            initial={draft.tellSigners ? "yes" : "no"}
            options={[
              { value: "no", label: "Do not tell them" },
              { value: "yes", label: "They are to be told" },
            ]}
          />
        </>
      ) : null}
      <p>
        <Submit name="action" value="publish">
          Publish it now
        </Submit>
      </p>
      <TextField
        name="at"
        label={`Or publish it later, at (time zone ${timeZone})`}
        hint="Choose a date and a time, then press the button below."
        type="datetime-local"
      />
      <Submit name="action" value="schedule" className="quiet">
        Publish it at this time
      </Submit>
    </DeskForm>
  );
}
