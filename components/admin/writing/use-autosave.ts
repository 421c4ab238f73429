"use client";

import { type RefObject, useEffect, useRef, useState } from "react";
import { usePending } from "@/components/admin/kit/DeskForm";
import { SESSION_ENDED } from "@/components/browser/watch-session";
import { Autosave, type AutosaveState, type Received, type Sending } from "./autosave";
import type { Checked, Conflict } from "./conflict";

const UNAUTHORIZED = 401;
const CONFLICT = 409;
const SERVER_ERROR = 500;
const TOO_MANY = 429;

type UseAutosave<Text> = {
  /** Something within the form. */
  inside: RefObject<HTMLElement | null>;
  /** Where texts are sent to. */
  address: string;
  path: string;
  /** The document as the page shows it, and its number. */
  document: string;
  revision: number;
  /** The name under which a text is sent. */
  name: "now" | "parts";
  /** Reads what is written now. */
  current: () => Text;
  /** How the document of the page looks as a text. */
  saved: Text;
  isSame: (one: Text, other: Text) => boolean;
  /** What to put into the form as it is sent. */
  fill?: (form: FormData) => void;
  /** Shows a document into which others' changes were merged. Returns whether it does. */
  merge: (document: string, sent: Text) => boolean;
  /**
   * The page has come again with another document. Shows it where nothing was written since.
   * @returns the document that what is written now was changed from, and how that looks.
   */
  renew: (sent: Text) => { was: string; saved: Text };
};

/** What the surrounding component shows. */
export type Autosaved = {
  state: AutosaveState;
  checked: Checked | null;
  conflict: Conflict | null;
  changed: () => void;
  /** Sends the form, once nothing else is being sent. */
  submit: () => void;
};

/**
 * Saves a form while it is written, and keeps the form itself in step: posted, it says what it was changed from.
 * If the session ends, the form is sent, so that the desk keeps what was typed.
 */
export function useAutosave<Text>(options: UseAutosave<Text>): Autosaved {
  const { inside, revision } = options;
  const latest = useRef(options);
  latest.current = options;
  const autosave = useRef<Autosave<Text, Checked> | null>(null);
  const sentByForm = useRef<Text | null>(null);
  const [state, setState] = useState<AutosaveState>({ kind: "saved", at: null });
  const [checked, setChecked] = useState<Checked | null>(null);
  const [conflict, setConflict] = useState<Conflict | null>(null);
  const pending = usePending();
  const formOf = () => inside.current?.closest("form") ?? null;
  const submit = () => formOf()?.requestSubmit();

  useEffect(() => {
    const form = inside.current?.closest("form");
    if (!form) return;
    const was = form.elements.namedItem("was.text");
    const saving = new Autosave<Text, Checked>({
      was: plainLines(was instanceof HTMLInputElement ? was.value : latest.current.document),
      saved: latest.current.saved,
      current: () => latest.current.current(),
      isSame: (one, other) => latest.current.isSame(one, other),
      send: (sending) => send(latest.current, sending),
      onSaved: ({ sent, mine, text, answer }) => {
        setChecked(answer);
        setConflict(null);
        return text !== mine && latest.current.merge(text, sent) ? text : mine;
      },
      onConflict: (found, sent) => {
        sentByForm.current = sent;
        setConflict(found);
      },
      onSessionEnd: () => form.requestSubmit(),
      onState: setState,
    });
    autosave.current = saving;
    saving.changed();
    const filled = ({ formData }: FormDataEvent) => {
      latest.current.fill?.(formData);
      formData.set("was.text", saving.was);
      sentByForm.current = latest.current.current();
    };
    // A text on its way would meet itself.
    const submitted = (event: SubmitEvent) => {
      if (saving.sending === null) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      void saving.sending.then(() => form.requestSubmit(event.submitter));
    };
    const leaving = (event: BeforeUnloadEvent) => {
      const { current, isSame } = latest.current;
      const sent = sentByForm.current !== null && isSame(current(), sentByForm.current);
      if (saving.isUnsaved && !sent) event.preventDefault();
    };
    const ended = (event: Event) => {
      if (!saving.isUnsaved) return;
      event.preventDefault();
      saving.stop();
      form.requestSubmit();
    };
    // What the page knows may be old when it is shown again.
    const shown = ({ persisted }: PageTransitionEvent) => persisted && !saving.isUnsaved && location.reload();
    const online = () => void saving.flush();
    form.addEventListener("formdata", filled);
    form.addEventListener("submit", submitted, { capture: true });
    addEventListener("beforeunload", leaving);
    addEventListener(SESSION_ENDED, ended);
    addEventListener("pageshow", shown);
    addEventListener("online", online);
    return () => {
      saving.stop();
      form.removeEventListener("formdata", filled);
      form.removeEventListener("submit", submitted, { capture: true });
      removeEventListener("beforeunload", leaving);
      removeEventListener(SESSION_ENDED, ended);
      removeEventListener("pageshow", shown);
      removeEventListener("online", online);
    };
  }, [inside]);

  useEffect(() => {
    if (pending) autosave.current?.pause();
    else autosave.current?.resume();
  }, [pending]);

  // The page has come again with another document: the form was saved, or something else of the campaign.
  const shownRevision = useRef(revision);
  useEffect(() => {
    const saving = autosave.current;
    if (!saving || shownRevision.current === revision) return;
    shownRevision.current = revision;
    const { was, saved } = latest.current.renew(sentByForm.current ?? saving.saved);
    sentByForm.current = null;
    setChecked(null);
    setConflict(null);
    saving.rebase(plainLines(was), saved);
  }, [revision]);

  return { state, checked, conflict, changed: () => autosave.current?.changed(), submit };
}

async function send<Text>(
  { address, path, name }: UseAutosave<Text>,
  { was, now }: Sending<Text>,
): Promise<Received<Checked>> {
  const answer = await fetch(address, {
    method: "POST",
    headers: { "content-type": "application/json", accept: "application/json" },
    body: JSON.stringify({ path, was, [name]: now }),
  });
  if (answer.status === UNAUTHORIZED) return { kind: "session-ended" };
  if (answer.status >= SERVER_ERROR || answer.status === TOO_MANY) return { kind: "unreachable" };
  const said = (await answer.json()) as Answered;
  if (answer.ok) return { kind: "saved", mine: said.mine, text: said.text, answer: said };
  if (answer.status === CONFLICT && said.conflict) return { kind: "conflict", conflict: said.conflict };
  return { kind: "refused", message: said.message ?? "It could not be saved. Press Save to see why." };
}

/** The answers of `POST /api/admin/petitions/{slug}/draft`. */
type Answered = Checked & { mine: string; text: string; conflict?: Conflict; message?: string };

/** Fields have plain line ends, files may not. */
export function plainLines(text: string): string {
  return text.replaceAll("\r\n", "\n");
}
