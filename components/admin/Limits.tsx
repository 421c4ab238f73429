import { Alarms } from "@/components/admin/Alarms";
import type { FormAction } from "@/components/admin/form-state";
import { DeskForm } from "@/components/admin/kit/DeskForm";
import { Checkbox, Choice, Submit, TextField } from "@/components/admin/kit/fields";
import { Moment } from "@/components/admin/kit/Moment";
import { RowForm, RowForms } from "@/components/admin/kit/RowForms";
import { TimesShown } from "@/components/admin/TimesShown";
import { Wide } from "@/components/admin/Wide";
import type { Alarm } from "@/lib/abuse";

export type LimitField = { name: string; label: string; least: number; most: number };
export type OptionField = { name: string; label: string };

type Entry = {
  id: string;
  verdict: "block" | "allow";
  domain: string | null;
  network: string | null;
  note: string;
  createdAt: Date;
};

type LimitsProps = {
  alarms: readonly Alarm[];
  limits: readonly LimitField[];
  options: readonly OptionField[];
  /** The saved limits and options. */
  saved: Readonly<Record<string, string>>;
  entries: readonly Entry[];
  /** Total number of entries; only the newest are shown. */
  total: number;
  actions: { set: FormAction; add: FormAction; remove: FormAction };
};

/** Rate limits, blocked senders and allowed senders, who skip all limits; for owners. */
export function Limits({ alarms, limits, options, saved, entries, total, actions }: LimitsProps) {
  return (
    <>
      <h1>Limits</h1>
      <TimesShown />
      <Alarms alarms={alarms} />
      <h2>How many may sign</h2>
      <p>
        Nobody is turned away for good. Above a limit, a browser first has to solve a task that takes it a few
        seconds, and one signature a minute is accepted without. Each change is in the audit log.
      </p>
      <DeskForm name="limits" action={actions.set} original={saved}>
        <div className="filters">
          {limits.map(({ name, label, least, most }) => (
            <TextField
              key={name}
              name={name}
              label={label}
              initial={saved[name] ?? ""}
              type="number"
              min={least}
              max={most}
              required
            />
          ))}
        </div>
        {options.map(({ name, label }) => (
          <Checkbox key={name} name={name} label={label} initial={saved[name] === "yes"} />
        ))}
        <Submit>Save</Submit>
      </DeskForm>
      <h2>Block and allow lists</h2>
      <p>
        Those on the allow list skip all limits. A blocked network is told “too many attempts”. Somebody with
        an address at a blocked domain is asked for another address. A blocked address gets the usual answer,
        and nothing is stored. We store only a keyed hash of an address, so write into the note what you need
        to recognise it.
      </p>
      <DeskForm name="list" action={actions.add} className="filters">
        <TextField name="subject" label="Address, domain or network" type="text" required />
        <Choice
          name="verdict"
          label="What to do"
          initial="block"
          options={[
            { value: "block", label: "Block" },
            { value: "allow", label: "Allow" },
          ]}
        />
        <TextField name="note" label="Note" type="text" maxLength={200} />
        <Submit>Add</Submit>
      </DeskForm>
      <RowForms name="remove" action={actions.remove}>
        {entries.length === 0 ? (
          <p>The lists are empty.</p>
        ) : (
          <Entries entries={entries} hidden={total - entries.length} />
        )}
      </RowForms>
    </>
  );
}

function Entries({ entries, hidden }: { entries: readonly Entry[]; hidden: number }) {
  return (
    <>
      <Wide label="Block and allow lists">
        <table>
          <thead>
            <tr>
              <th scope="col">Address, domain or network</th>
              <th scope="col">List</th>
              <th scope="col">Note</th>
              <th scope="col">Since</th>
              <td />
            </tr>
          </thead>
          <tbody>
            {entries.map(({ id, verdict, domain, network, note, createdAt }) => (
              <tr key={id}>
                <th scope="row">{domain ?? network ?? "an address"}</th>
                <td>{verdict}</td>
                <td>{note}</td>
                <td>
                  <Moment at={createdAt} />
                </td>
                <td>
                  <RowForm hidden={{ entry: id }} className="inline">
                    <Submit className="quiet">Remove</Submit>
                  </RowForm>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </Wide>
      {hidden > 0 ? <p>And {hidden.toLocaleString("en")} older ones.</p> : null}
    </>
  );
}
