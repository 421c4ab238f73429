"use client";

import { counted } from "@/components/admin/counted";
import type { FormAction } from "@/components/admin/form-state";
import { DeskForm } from "@/components/admin/kit/DeskForm";
import { Choice, Submit, TextField } from "@/components/admin/kit/fields";
import { SignedAt } from "@/components/admin/SignedAt";
import { Wide } from "@/components/admin/Wide";

/** The form's fields as typed, or one review group. */
type RuleFields = Record<"name" | "domain" | "network" | "country" | "from" | "to" | "group", string>;

/** What a rule matches. */
export type RulePreview = {
  rule: RuleFields;
  signatures: number;
  /** False if only the newest signatures were searched. */
  whole: boolean;
  sample: {
    id: string;
    name: string;
    email: string;
    country: string;
    state: string;
    source: string;
    signedAt: Date;
  }[];
};

type RuleFormProps = {
  /** The review group to mark, in place of conditions. */
  group: string | null;
  countries: readonly { code: string; name: string }[];
  reasons: readonly string[];
  preview: FormAction<RulePreview>;
  start: FormAction;
};

/** Asks for a rule and shows what it matches, with the form that marks it. */
export function RuleForm({ group, countries, reasons, preview, start }: RuleFormProps) {
  return (
    <DeskForm
      name="rule"
      action={preview}
      hidden={group === null ? {} : { group }}
      className="filters"
      show={(found) => <Below found={found} reasons={reasons} start={start} />}
      otherwise={<Below found={null} reasons={reasons} start={start} />}
    >
      {group === null ? <Conditions countries={countries} /> : null}
      <Submit>Show what matches</Submit>
    </DeskForm>
  );
}

function Conditions({ countries }: Pick<RuleFormProps, "countries">) {
  const text = { type: "text", dir: "auto", autoComplete: "off" } as const;
  return (
    <>
      <TextField name="name" label="Whole name" {...text} />
      <TextField name="domain" label="Email domain, such as example.org" {...text} />
      <TextField name="network" label="IP address used within the last two days" {...text} />
      <Choice
        name="country"
        label="Country"
        options={[
          { value: "", label: "any" },
          ...countries.map(({ code, name }) => ({ value: code, label: name })),
        ]}
      />
      <TextField name="from" label="Signed from (UTC)" type="datetime-local" />
      <TextField name="to" label="Signed before (UTC)" type="datetime-local" />
    </>
  );
}

type BelowProps = { found: RulePreview | null; reasons: readonly string[]; start: FormAction };

/**
 * What a rule matches, and the form that marks it. The form is there even if nothing has been found: without
 * JavaScript its answer comes with the page as it is first, and React hands it to the form in the same place.
 */
function Below({ found, reasons, start }: BelowProps) {
  return (
    <>
      {found === null ? null : <Matches {...found} />}
      <StartForm found={found} reasons={reasons} start={start} />
    </>
  );
}

function Matches({ signatures, whole, sample }: RulePreview) {
  if (signatures === 0)
    return (
      <p role="status">
        {whole ? "No valid signature matches." : "None of the newest valid signatures matches."} Try other
        conditions.
      </p>
    );
  return (
    <section>
      <h2>
        {counted(signatures, "valid signature")} {signatures === 1 ? "matches" : "match"}
      </h2>
      {whole ? null : (
        <p>
          Only the newest signatures have been searched. The job goes through all of them, so it may mark
          more.
        </p>
      )}
      <p>These are the newest:</p>
      <Wide label="The newest matches">
        <table>
          <thead>
            <tr>
              {["Name", "Address", "Country", "Status", "Signed"].map((name) => (
                <th key={name} scope="col">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {sample.map(({ id, name, email, country, state, source, signedAt }) => (
              <tr key={id}>
                <th scope="row">
                  <bdi>{name}</bdi>
                </th>
                <td>
                  <bdi>{email}</bdi>
                </td>
                <td>{country}</td>
                <td>{state}</td>
                <td>
                  <SignedAt signature={{ signedAt, source }} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </Wide>
    </section>
  );
}

function StartForm({ found, reasons, start }: BelowProps) {
  return (
    <DeskForm name="start" action={start} hidden={found?.rule ?? {}}>
      {found === null || found.signatures === 0 ? null : (
        <>
          <p>
            Invalid signatures are kept but do not count. You can stop the job while it runs, and take it back
            at any time. Signatures that were never confirmed are still deleted after a week.
          </p>
          <Choice
            name="reason"
            label="Reason"
            options={reasons.map((reason) => ({ value: reason, label: reason }))}
          />
          <Submit>Mark them invalid</Submit>
        </>
      )}
    </DeskForm>
  );
}
