"use client";

import {
  createContext,
  type ReactNode,
  useActionState,
  useContext,
  useEffect,
  useId,
  useRef,
  useState,
} from "react";
import { CLOCK_IS_OFF, CODE_NOT_TAKEN } from "@/components/admin/code-words";
import {
  type FieldMistake,
  type FormAction,
  type FormState,
  type Typed,
  UNTOUCHED,
} from "@/components/admin/form-state";
import { FILLED_IN } from "@/lib/desk-form";
import { useDraft } from "./draft-context";
import { QuestionDialog } from "./QuestionDialog";
import { rebased, was } from "./rebase";
import { useHydrated } from "./use-hydrated";

type FormContext = { typed: Typed; mistakes: readonly FieldMistake[]; pending: boolean };
export const Form = createContext<FormContext>({ typed: {}, mistakes: [], pending: false });

type Field = {
  id: string;
  value: string;
  mistake: string | undefined;
  /** Whether the form was sent and comes back with what was typed. */
  sent: boolean;
};

/** Returns what a field needs: its initial text, its error, and the ids that link them. */
export function useField(name: string, initial = ""): Field {
  const { typed, mistakes } = useContext(Form);
  const sent = Object.keys(typed).length > 0;
  return {
    id: `${useId()}${name}`,
    value: typed[name] ?? (sent ? "" : initial),
    sent,
    mistake: mistakes.find(({ field }) => field === name)?.text,
  };
}

/** Returns what the surrounding form was sent or kept with, by field; empty before that. */
export function useTyped(): Typed {
  return useContext(Form).typed;
}

/** Returns whether the surrounding form is being sent. */
export function usePending(): boolean {
  return useContext(Form).pending;
}

type DeskFormProps<Result> = {
  /** Distinguishes the forms of a page, so that a draft finds its own. */
  name: string;
  action: FormAction<Result>;
  /** Shows what the action found, below the form. Only client components can pass it. */
  show?: (result: Result) => ReactNode;
  /** Shown below the form as long as the action has found nothing. */
  otherwise?: ReactNode;
  /** Lets buttons outside the form belong to it. */
  id?: string;
  /** Fields that are always sent, such as the id of what is changed. */
  hidden?: Readonly<Record<string, string>>;
  /** The saved values that the fields show, so that the action can tell what was changed, here or elsewhere. */
  original?: Readonly<Record<string, string>>;
  className?: string;
  label?: string;
  children: ReactNode;
};

/**
 * A form of the desk. It shows errors beside their fields and keeps what was typed. If the action first asks
 * a question or for a code, a dialog does, and answering sends everything again. Works without
 * JavaScript.
 */
export function DeskForm<Result = never>(props: DeskFormProps<Result>) {
  const {
    name,
    action,
    show,
    otherwise,
    id,
    hidden = {},
    original: saved = {},
    className,
    label,
    children,
  } = props;
  const { state, submit, pending, asking, isDialog, decline, answer } = useAnswered(action);
  const draft = useDraft(name);
  const sent = "typed" in state ? state.typed : state.kind === "untouched" ? (draft ?? {}) : {};
  const { typed, original } = rebased(sent, saved);
  const mistakes = state.kind === "invalid" ? state.mistakes : [];
  const always = { ...filledIn(name, hidden), ...was(original) };
  const question =
    asking === null ? null : (
      <Question {...{ asking: { ...asking, typed }, hidden: always, isDialog, submit, pending, decline }} />
    );
  return (
    <Form.Provider value={{ typed, mistakes, pending }}>
      <form id={id} action={submit} className={className} aria-label={label} aria-busy={pending}>
        <Hidden fields={always} />
        {answer}
        {question === null || isDialog ? children : question}
      </form>
      {isDialog ? question : null}
      {/* Fields below the form are not its own: they do not show what was typed into it. */}
      <Form.Provider value={{ typed: {}, mistakes: [], pending }}>
        {state.kind === "found" ? show?.(state.result) : otherwise}
      </Form.Provider>
    </Form.Provider>
  );
}

/** Returns the fields that a form fills in by itself, and the one that says so. */
export function filledIn(
  form: string,
  hidden: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const names = Object.keys(hidden);
  return { form, ...hidden, ...(names.length === 0 ? {} : { [FILLED_IN]: names.join(" ") }) };
}

type AskingState = Extract<FormState, { kind: "asking" }>;

/** Runs an action for a form, and says what came of it in `answer`, which takes the focus. */
export function useAnswered<Result>(action: FormAction<Result>) {
  const [state, submit, pending] = useActionState<FormState<Result>, FormData>(action, UNTOUCHED);
  // When a question is declined, the fields come back with what was typed.
  const [declined, setDeclined] = useState<FormState<Result> | null>(null);
  const asking: AskingState | null = state.kind === "asking" && state !== declined ? state : null;
  const shown = useRef<HTMLDivElement>(null);
  useEffect(() => {
    // A question has a dialog, which takes the focus itself.
    if (state.kind !== "untouched" && state.kind !== "asking") shown.current?.focus();
  }, [state]);
  const hydrated = useHydrated();
  const answer = (
    <div ref={shown} tabIndex={-1} className="answer">
      <Answer state={state} />
    </div>
  );
  // Without JavaScript, and until it runs, a question takes the place of the fields.
  const isDialog = hydrated && asking !== null;
  return { state, submit, pending, asking, isDialog, decline: () => setDeclined(state), answer };
}

type QuestionProps = {
  asking: AskingState;
  hidden: Readonly<Record<string, string>>;
  isDialog: boolean;
  submit: (form: FormData) => void;
  pending: boolean;
  decline: () => void;
};

/** A question, in a dialog with a form of its own or as part of the form around it. */
export function Question({ asking, hidden, isDialog, submit, pending, decline }: QuestionProps) {
  const question = <Asking asking={asking} hidden={hidden} onDecline={decline} />;
  if (!isDialog) return question;
  return (
    <QuestionDialog title={titleOf(asking)} onClose={decline}>
      <form action={submit} aria-busy={pending}>
        <Hidden fields={hidden} />
        {question}
      </form>
    </QuestionDialog>
  );
}

/** Fields that a form sends and nobody sees. */
export function Hidden({ fields }: { fields: Readonly<Record<string, string>> }) {
  return Object.entries(fields).map(([field, value]) => (
    <input key={field} type="hidden" name={field} value={value} />
  ));
}

function Answer({ state }: { state: FormState<unknown> }) {
  switch (state.kind) {
    case "untouched":
    case "asking":
    case "found":
      return null;
    case "done":
      return (
        <div className="alert" role="status">
          <p>{state.message}</p>
          {state.secret === undefined ? null : (
            <>
              <p>{state.secret.what}. It is shown only once:</p>
              <p>
                <code className="secret">{state.secret.text}</code>
              </p>
            </>
          )}
        </div>
      );
    case "failed":
      return (
        <div className="alert" role="alert">
          <h2>{state.title}</h2>
          <p>{state.message}</p>
        </div>
      );
    case "invalid":
      return (
        <div className="alert" role="alert">
          <h2>Please put this right</h2>
          <ul>
            {state.mistakes.map(({ field, text }) => (
              <li key={field}>{text}</li>
            ))}
          </ul>
        </div>
      );
  }
}

function titleOf({ question }: AskingState): string {
  return question?.title ?? "Enter a code first";
}

type AskingProps = {
  asking: AskingState;
  hidden: Readonly<Record<string, string>>;
  onDecline: () => void;
};

/** Shows the question, the code field, or both, and sends what was typed again. */
export function Asking({ asking, hidden, onDecline }: AskingProps) {
  const { question, code, typed } = asking;
  const id = useId();
  const pending = usePending();
  const mistake = code?.refused ? (code.clockOff ? CLOCK_IS_OFF : CODE_NOT_TAKEN) : null;
  return (
    <section className="asking" aria-labelledby={`${id}title`}>
      <h2 id={`${id}title`}>{titleOf(asking)}</h2>
      {question === null ? null : <p>{question.text}</p>}
      {code === null ? null : <p>{code.why} Nothing has been done yet, and what you typed is kept.</p>}
      {Object.entries(typed).map(([name, value]) =>
        name in hidden ? null : <input key={name} type="hidden" name={name} value={value} />,
      )}
      {question === null ? null : <input type="hidden" name="confirmed" value="yes" />}
      {code === null ? null : (
        <div className="field">
          <label htmlFor={`${id}code`}>Code</label>
          <p className="hint" id={`${id}hint`}>
            Six digits from your authenticator app, or one of your recovery codes.
          </p>
          {mistake === null ? null : (
            <p className="err" id={`${id}error`}>
              {mistake}
            </p>
          )}
          <input
            id={`${id}code`}
            name="code"
            autoComplete="one-time-code"
            required
            aria-describedby={mistake === null ? `${id}hint` : `${id}hint ${id}error`}
            aria-invalid={mistake === null ? undefined : true}
          />
        </div>
      )}
      <p>
        {/* Pressed twice, it would carry out the action twice. */}
        <button type="submit" aria-disabled={pending} onClick={(event) => pending && event.preventDefault()}>
          {question?.button ?? "Continue"}
        </button>{" "}
        <button type="button" className="quiet scripted" onClick={onDecline}>
          Cancel
        </button>
      </p>
    </section>
  );
}
