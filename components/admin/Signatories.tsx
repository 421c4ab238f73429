import Link from "next/link";
import { counted } from "@/components/admin/counted";
import type { FormAction } from "@/components/admin/form-state";
import { Submit } from "@/components/admin/kit/fields";
import { Moment } from "@/components/admin/kit/Moment";
import { RowForm, RowForms } from "@/components/admin/kit/RowForms";
import { type FilterFields, SignatoryFilters } from "@/components/admin/SignatoryFilters";
import { SignatorySearch } from "@/components/admin/SignatorySearch";

import type { ListedSignatory, PeopleFound } from "@/components/admin/shown-signatory";
import { TimesShown } from "@/components/admin/TimesShown";

/** A bulk action that can still be taken back. */
type UndoableJob = { jobId: string; at: Date; actorLabel: string; reason: string; signatures: number };

type SignatoriesProps = {
  /** Address of the campaign's desk. */
  desk: string;
  /** Address of this page of the list. */
  address: string;
  mayChange: boolean;
  signatories: readonly ListedSignatory[];
  filter: FilterFields;
  countries: readonly { code: string; name: string }[];
  locales: readonly string[];
  /** Most signatories that one page can show. */
  atOnce: number;
  /** Links to earlier and later ones; null if there are none. */
  earlier: string | null;
  later: string | null;
  undoable: readonly UndoableJob[];
  reasons: readonly string[];
  actions: { search: FormAction<PeopleFound>; chosen: FormAction; undo: FormAction };
};

/** The signatories of a campaign, newest first, with a search for one person. */
export function Signatories(props: SignatoriesProps) {
  const { desk, address, mayChange, signatories, filter, countries, locales, atOnce, actions } = props;
  return (
    <>
      <h1>Signatories</h1>
      <TimesShown />
      <SignatorySearch
        // Another page of the list starts afresh, without messages about the one before.
        key={address}
        path={`${desk}/signatories`}
        search={actions.search}
        choosing={mayChange ? { action: actions.chosen, reasons: props.reasons } : null}
        signatories={signatories}
        allChosen={filter.show !== ""}
        above={
          <>
            {mayChange ? (
              <>
                <p>
                  <Link href={`${desk}/paper`} prefetch={false}>
                    Import signatures given on paper
                  </Link>
                </p>
                <Undoable jobs={props.undoable} undo={actions.undo} />
              </>
            ) : null}
            <SignatoryFilters {...{ desk, filter, countries, locales, atOnce }} />
          </>
        }
        below={
          <>
            {signatories.length === 0 ? (
              <p>No signature matches. Remove a filter, or choose an earlier day.</p>
            ) : null}
            <Pages earlier={props.earlier} later={props.later} />
          </>
        }
      />
    </>
  );
}

function Undoable({ jobs, undo }: { jobs: readonly UndoableJob[]; undo: FormAction }) {
  return (
    <RowForms name="undo" action={undo}>
      {jobs.length === 0 ? null : (
        <>
          <h2>Done within the last hour</h2>
          <ul>
            {jobs.map(({ jobId, at, actorLabel, reason, signatures }) => (
              <li key={jobId}>
                <Moment at={at} />, {actorLabel}: {counted(signatures, "signature")}, {reason}{" "}
                <RowForm hidden={{ job: jobId }} className="inline">
                  <Submit className="quiet">Take it back</Submit>
                </RowForm>
              </li>
            ))}
          </ul>
        </>
      )}
    </RowForms>
  );
}

function Pages({ earlier, later }: { earlier: string | null; later: string | null }) {
  return (
    <p>
      {later === null ? null : (
        <Link href={later} prefetch={false}>
          Later signatories
        </Link>
      )}{" "}
      {earlier === null ? null : (
        <Link href={earlier} prefetch={false}>
          Earlier signatories
        </Link>
      )}
    </p>
  );
}
