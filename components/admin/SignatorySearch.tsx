"use client";

import { type ReactNode, useState } from "react";
import type { FormAction } from "@/components/admin/form-state";
import { DeskForm } from "@/components/admin/kit/DeskForm";
import { Submit, TextField } from "@/components/admin/kit/fields";
import { Day } from "@/components/admin/kit/Moment";
import { type Choosing, SignatoryTable } from "@/components/admin/SignatoryTable";
import type { ListedSignatory, PeopleFound } from "@/components/admin/shown-signatory";

// Links to the list are plain: the router would keep the people found on the same page.

/** Buttons outside the search form belong to it by this id. */
const SEARCH = "search";

type SignatorySearchProps = {
  /** Address of the list. */
  path: string;
  /** Searches, or allows mail to an address again. */
  search: FormAction<PeopleFound>;
  choosing: Choosing | null;
  signatories: readonly ListedSignatory[];
  allChosen: boolean;
  /** What stands above and below the list. The people that a search finds replace all three. */
  above: ReactNode;
  below: ReactNode;
};

/**
 * The search for a person, and a list of signatories that makes way for those who are found. The search is a
 * form, because names and addresses must never be in an address.
 */
export function SignatorySearch(props: SignatorySearchProps) {
  const { path, search, choosing, signatories, allChosen, above, below } = props;
  return (
    <DeskForm
      name="search"
      id={SEARCH}
      action={search}
      label="Search for a person"
      className="filters"
      show={(found) => (
        <Below
          of={found}
          above={<AboutFound path={path} found={found} mayChange={choosing !== null} />}
          table={{ path, choosing, signatories: found.people }}
          below={<ToList path={path} more={found.more} />}
        />
      )}
      otherwise={
        <Below of={null} above={above} table={{ path, choosing, signatories, allChosen }} below={below} />
      }
    >
      <TextField
        name="find"
        label="Address or name"
        hint="The whole address, or the whole name as it was signed."
        type="text"
        dir="auto"
        autoComplete="off"
        required
      />
      <Submit name="action" value="search">
        Search
      </Submit>
    </DeskForm>
  );
}

type BelowProps = {
  of: PeopleFound | null;
  above: ReactNode;
  table: Parameters<typeof SignatoryTable>[0];
  below: ReactNode;
};

/**
 * A table with what stands around it. The list and the people found share this component: without JavaScript
 * the form of those chosen is answered on the list, and React hands the answer to the form in the same place.
 */
function Below({ of, above, table, below }: BelowProps) {
  const turn = useTurn(of);
  return (
    <>
      <div>{above}</div>
      <SignatoryTable key={turn} {...table} />
      <div>{below}</div>
    </>
  );
}

/** Counts how often a value has changed, so that a new search begins with a new form. */
function useTurn(value: unknown): number {
  const [seen, setSeen] = useState({ value, turn: 0 });
  if (seen.value === value) return seen.turn;
  setSeen({ value, turn: seen.turn + 1 });
  return seen.turn + 1;
}

type AboutFoundProps = { path: string; found: PeopleFound; mayChange: boolean };

function AboutFound({ path, found: { people, suppressed, lifted }, mayChange }: AboutFoundProps) {
  return (
    <>
      {lifted ? <p role="status">Mail to this address is allowed again. Nothing has been sent.</p> : null}
      {suppressed === null ? null : (
        <section aria-labelledby="suppressed">
          <h2 id="suppressed">No mail is sent to this address</h2>
          <p>
            Suppressed since <Day on={suppressed.since} />: {suppressed.why}.
          </p>
          {mayChange ? (
            <p>
              <input type="hidden" form={SEARCH} name="address" value={suppressed.address} />
              <Submit form={SEARCH} name="action" value="lift" className="quiet" formNoValidate>
                Allow mail again
              </Submit>{" "}
              Only if the person asks you to. Nothing is sent now.
            </p>
          ) : null}
        </section>
      )}
      {people.length === 0 ? <NobodyFound path={path} /> : null}
    </>
  );
}

/** What to try when a search finds nobody. */
function NobodyFound({ path }: { path: string }) {
  return (
    <section aria-labelledby="nobody">
      <h2 id="nobody">Nobody is found</h2>
      <p>
        Names and addresses are stored encrypted, so only a whole address or a whole name can be found. You
        need not try other spellings: capitals, accents and variants of the same letter make no difference.
        You could try:
      </p>
      <ul>
        <li>the whole address instead of the name, or another address of the same person,</li>
        <li>the whole name as it was signed, perhaps in another script or with fewer parts,</li>
        <li>
          <a href={path}>the list</a>, filtered by country, language and day.
        </li>
      </ul>
      <p>
        The person may not have signed. Somebody who withdrew, was deleted, or did not confirm within a week
        leaves no trace.
      </p>
    </section>
  );
}

function ToList({ path, more }: { path: string; more: boolean }) {
  return (
    <>
      {more ? <p>Only the newest are shown. Search for the address to find one of the others.</p> : null}
      <p>
        <a href={path}>Back to the list</a>
      </p>
    </>
  );
}
