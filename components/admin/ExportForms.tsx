"use client";

import { useEffect } from "react";
import { EXPORT_LABELS } from "@/components/admin/export-words";
import type { FormAction } from "@/components/admin/form-state";
import { DeskForm, useField } from "@/components/admin/kit/DeskForm";
import { Checkbox, Choice, Submit, TextField } from "@/components/admin/kit/fields";

/** A file that has been asked for. */
export type FileToFetch = { address: string };

type Option = { value: string; label: string };
type Lengths = { min: number; max: number };

type ExportFormProps = {
  action: FormAction<FileToFetch>;
  /** The choices so far, by parameter of the file's address. */
  chosen: Readonly<Record<string, string>>;
  options: Readonly<Record<"format" | "country" | "countryNames", readonly Option[]>>;
  columns: readonly { name: string; label: string; chosen: boolean }[];
  reason: Lengths;
  /** The longest name for saved choices, in characters. */
  nameMax: number;
};

const STATUSES: readonly Option[] = [
  { value: "confirmed", label: "confirmed" },
  { value: "pending", label: "not confirmed" },
  { value: "all", label: "all" },
];
const UPDATES: readonly Option[] = [
  { value: "", label: "any" },
  { value: "yes", label: "yes" },
];

/** Asks what to export and why, and saves choices for the next time. */
export function ExportForm({ action, chosen, options, columns, reason, nameMax }: ExportFormProps) {
  const field = (name: keyof typeof EXPORT_LABELS) => ({
    name,
    label: EXPORT_LABELS[name],
    initial: chosen[name] ?? "",
  });
  return (
    <DeskForm name="export" action={action} show={showFile} label="Export">
      <div className="filters">
        <Choice {...field("format")} options={options.format} />
        <Choice {...field("status")} options={STATUSES} />
        <Choice {...field("country")} options={options.country} />
        <Choice {...field("countryNames")} options={options.countryNames} />
        <Choice {...field("updates")} options={UPDATES} />
        <DayField {...field("from")} />
        <DayField {...field("to")} />
      </div>
      <p className="hint">Days begin at midnight UTC.</p>
      <Columns columns={columns} />
      <ReasonField initial={chosen.reason ?? ""} lengths={reason} />
      <p>
        <Submit name="action" value="export">
          Export
        </Submit>
      </p>
      <TextField
        {...field("name")}
        hint="Everybody who may export can use saved choices. Saving under a name that exists replaces its choices. The reason is not saved."
        type="text"
        maxLength={nameMax}
      />
      <p>
        <Submit name="action" value="save" formNoValidate className="quiet">
          Save these choices
        </Submit>
      </p>
    </DeskForm>
  );
}

/** A date field. A time of day, as the file's address allows it, is kept as it is. */
function DayField(props: { name: string; label: string; initial: string }) {
  return <TextField {...props} type={/^(?:\d{4}-\d\d-\d\d)?$/.test(props.initial) ? "date" : "text"} />;
}

function Columns({ columns }: Pick<ExportFormProps, "columns">) {
  const { id, mistake } = useField("columns");
  return (
    <fieldset className="columns" aria-describedby={mistake === undefined ? undefined : `${id}-error`}>
      <legend>{EXPORT_LABELS.columns}</legend>
      {mistake === undefined ? null : (
        <p className="err" id={`${id}-error`}>
          {mistake}
        </p>
      )}
      {columns.map(({ name, label, chosen }) => (
        <Checkbox key={name} name={name} label={label} initial={chosen} />
      ))}
    </fieldset>
  );
}

function ReasonField({ initial, lengths }: { initial: string; lengths: Lengths }) {
  return (
    <TextField
      name="reason"
      label={EXPORT_LABELS.reason}
      hint="The audit log keeps the reason with your name. Do not write names or addresses of signatories into it."
      initial={initial}
      type="text"
      minLength={lengths.min}
      maxLength={lengths.max}
      required
    />
  );
}

type PacketFormProps = {
  action: FormAction<FileToFetch>;
  chosen: Readonly<Record<string, string>>;
  reason: Lengths;
};

/** Asks for the PDF used to hand the petition over. */
export function PacketForm({ action, chosen, reason }: PacketFormProps) {
  return (
    <DeskForm name="packet" action={action} show={showFile} label="For handing the petition over">
      <Checkbox
        name="names"
        label="Include the first names, or first letters, of people who chose to be shown on the page. Nobody agreed to more."
        initial={chosen.names === "yes"}
      />
      <ReasonField initial={chosen.reason ?? ""} lengths={reason} />
      <p>
        <Submit>Make the packet</Submit>
      </p>
    </DeskForm>
  );
}

const showFile = (file: FileToFetch) => <FileReady file={file} />;

/** Starts the download. Without JavaScript the reader follows the link. */
function FileReady({ file }: { file: FileToFetch }) {
  useEffect(() => location.assign(file.address), [file]);
  return (
    <p role="status">
      Your file is ready. <a href={file.address}>Download it</a>
    </p>
  );
}
