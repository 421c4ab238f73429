import Link from "next/link";
import { counted } from "@/components/admin/counted";
import { Choice, Submit, TextArea, TextField } from "@/components/admin/kit/fields";
import { Moment } from "@/components/admin/kit/Moment";
import type { DeskCampaign, Outlook, Version } from "@/lib/editing";

export type ShownDraft = Version & { outlook: Outlook };

type WorkingDraftProps = {
  campaign: DeskCampaign;
  draft: ShownDraft;
  timeZone: string;
  may: { write: boolean; publish: boolean };
};

/** The text that is being worked on: how it is doing, and what can be done with it, as the inside of a form. */
export function WorkingDraft({ campaign, draft, timeZone, may }: WorkingDraftProps) {
  const { slug, version } = campaign;
  const { state, outlook, remark, returnedBy } = draft;
  const isReady = outlook.faults.length === 0;
  return (
    <>
      <p>
        <DraftState draft={draft} /> {draft.authorLabel} changed it last, <Moment at={draft.changedAt} />.{" "}
        {may.write ? (
          <>
            <Link href={`/admin/${slug}/text`} prefetch={false}>
              Open the text
            </Link>
            {". "}
          </>
        ) : null}
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
      <Problems slug={slug} faults={outlook.faults} isWriter={may.write} />
      {!may.publish || !isReady ? null : outlook.missing === null ? (
        <Publish draft={draft} isFirst={version === null} timeZone={timeZone} />
      ) : (
        <p>{WHY_NOT[outlook.missing]}</p>
      )}
      {state === "draft" && may.write && isReady ? (
        <>
          <h3>Review</h3>
          <p>
            Have somebody read it before it is published. You can still change it; then it is a draft again.
          </p>
          <Submit
            name="action"
            value="submit"
            className={outlook.missing === "not-in-review" ? undefined : "quiet"}
          >
            Send to review
          </Submit>
        </>
      ) : null}
      {state === "draft" || !may.publish ? null : (
        <>
          <h3>Return it</h3>
          <TextArea
            name="remark"
            label="Remark"
            hint="Why it is returned, and what is to be done. It stands above the draft until it is sent to review again."
            rows={3}
            dir="auto"
          />
          <Submit name="action" value="return" className="quiet">
            {state === "scheduled" ? "Do not publish it, return it" : "Return it to be changed"}
          </Submit>
        </>
      )}
      {may.write ? (
        <>
          <h3>Discard it</h3>
          <Submit name="action" value="discard" className="quiet">
            Discard the draft
          </Submit>
        </>
      ) : null}
    </>
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

/** Most problems that are listed here. The editor lists the rest. */
const PROBLEMS_SHOWN = 20;

type ProblemsProps = { slug: string; faults: Outlook["faults"]; isWriter: boolean };

function Problems({ slug, faults, isWriter }: ProblemsProps) {
  if (faults.length === 0) return <p>The text has no problems. It can be published.</p>;
  return (
    <>
      <p>
        The text has {counted(faults.length, "problem")}. It can be published once there are none.{" "}
        {isWriter ? (
          <Link href={`/admin/${slug}/text`} prefetch={false}>
            Put them right in the text
          </Link>
        ) : null}
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

type PublishProps = { draft: ShownDraft; isFirst: boolean; timeZone: string };

function Publish({ draft, isFirst, timeZone }: PublishProps) {
  const { note, outlook } = draft;
  return (
    <>
      <h3>Publish it</h3>
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
    </>
  );
}
