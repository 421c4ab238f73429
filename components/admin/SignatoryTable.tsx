"use client";

import Link from "next/link";
import type { FormAction } from "@/components/admin/form-state";
import { DeskForm, useField } from "@/components/admin/kit/DeskForm";
import { Choice, Submit } from "@/components/admin/kit/fields";

import { Moment } from "@/components/admin/kit/Moment";
import { SignedAt } from "@/components/admin/SignedAt";
import type { ListedSignatory } from "@/components/admin/shown-signatory";

import { Wide } from "@/components/admin/Wide";

/** The form for what is done with the chosen signatories, and the reasons for marking them invalid. */
export type Choosing = { action: FormAction; reasons: readonly string[] };

type SignatoryTableProps = {
  /** Address of the list, below which each signatory has a page. */
  path: string;
  signatories: readonly ListedSignatory[];
  /** Null for those who may not change signatures. */
  choosing: Choosing | null;
  /** Whether all are chosen at first. */
  allChosen?: boolean;
};

/** A table of signatories. Owners can choose some and act on them together. */
export function SignatoryTable({ path, signatories, choosing, allChosen = false }: SignatoryTableProps) {
  if (choosing === null) return <Rows path={path} signatories={signatories} chosen={null} />;
  return (
    // Always there, also without rows: it may have to show a question or a result.
    <DeskForm name="chosen" action={choosing.action} label="Chosen signatories">
      <Rows path={path} signatories={signatories} chosen={allChosen} />
      {signatories.length === 0 ? null : <BulkActions reasons={choosing.reasons} />}
    </DeskForm>
  );
}

type RowsProps = {
  path: string;
  signatories: readonly ListedSignatory[];
  /** Whether the boxes are ticked at first; null for no boxes. */
  chosen: boolean | null;
};

const COLUMNS = ["Name", "Address", "Country", "Language", "Status", "Signed", "Confirmed"];

function Rows({ path, signatories, chosen }: RowsProps) {
  if (signatories.length === 0) return null;
  return (
    <Wide label="Signatories">
      <table>
        <thead>
          <tr>
            {[...(chosen === null ? [] : ["Choose"]), ...COLUMNS].map((name) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {signatories.map((one) => (
            <tr key={one.id}>
              {chosen === null ? null : (
                <td>
                  <RowChoice id={one.id} name={one.name} initial={chosen} />
                </td>
              )}
              <th scope="row">
                <Link href={`${path}/${one.id}`} prefetch={false}>
                  <bdi>{one.name}</bdi>
                </Link>
              </th>
              <td>
                <bdi>{one.email}</bdi>
              </td>
              <td>{one.country}</td>
              <td>{one.locale}</td>
              <td>{one.state}</td>
              <td>
                <SignedAt signature={one} />
              </td>
              <td>
                <Moment at={one.confirmedAt} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Wide>
  );
}

function RowChoice({ id, name, initial }: { id: string; name: string; initial: boolean }) {
  const field = useField(`id.${id}`);
  const checked = field.sent ? field.value === "yes" : initial;
  return (
    <input
      type="checkbox"
      name={`id.${id}`}
      value="yes"
      aria-label={`Choose ${name}`}
      defaultChecked={checked}
      key={String(checked)}
    />
  );
}

function BulkActions({ reasons }: { reasons: readonly string[] }) {
  return (
    <section aria-labelledby="chosen">
      <h2 id="chosen">What to do with those you have chosen</h2>
      <Choice
        name="reason"
        label="Why they are invalid"
        options={reasons.map((reason) => ({ value: reason, label: reason }))}
      />
      <p>
        <Submit name="action" value="invalid" className="quiet">
          Mark invalid
        </Submit>{" "}
        They are kept but no longer count. You can take this back.
      </p>
      <p>
        <Submit name="action" value="withdraw" className="quiet">
          Withdraw
        </Submit>{" "}
        They no longer count. You can take this back for an hour; then they are deleted for good.
      </p>
      <p>
        <Submit name="action" value="resend" className="quiet">
          Send the mail again
        </Submit>{" "}
        Each person gets at most one mail an hour. This cannot be taken back.
      </p>
    </section>
  );
}
