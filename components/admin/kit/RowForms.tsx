"use client";

import { createContext, type ReactNode, useContext } from "react";
import type { FormAction } from "@/components/admin/form-state";
import { Form, filledIn, Hidden, Question, useAnswered } from "./DeskForm";

type Rows = { name: string; submit: (form: FormData) => void; pending: boolean };
const RowsContext = createContext<Rows | null>(null);

type RowFormsProps = {
  /** Distinguishes the forms of a page. */
  name: string;
  action: FormAction;
  children: ReactNode;
};

/**
 * One action for forms that may be gone once it has been carried out, such as those in the rows of a list. Says
 * above them what came of it. Must be rendered even without a row, or nothing is left to say it.
 */
export function RowForms({ name, action, children }: RowFormsProps) {
  const { submit, pending, asking, isDialog, decline, answer } = useAnswered(action);
  const question =
    asking === null ? null : <Question {...{ asking, hidden: {}, isDialog, submit, pending, decline }} />;
  return (
    <Form.Provider value={{ typed: {}, mistakes: [], pending }}>
      {answer}
      {question === null || isDialog ? question : <form action={submit}>{question}</form>}
      <RowsContext.Provider value={{ name, submit, pending }}>{children}</RowsContext.Provider>
    </Form.Provider>
  );
}

type RowFormProps = {
  /** What the action is about. */
  hidden?: Readonly<Record<string, string>>;
  className?: string;
  /** Buttons, and no fields: what is typed would not come back. */
  children: ReactNode;
};

/** A form of one row, which consists of buttons. */
export function RowForm({ hidden = {}, className, children }: RowFormProps) {
  const rows = useContext(RowsContext);
  if (rows === null) throw new Error("a RowForm belongs into RowForms");
  return (
    <form action={rows.submit} className={className} aria-busy={rows.pending}>
      <Hidden fields={filledIn(rows.name, hidden)} />
      {children}
    </form>
  );
}
