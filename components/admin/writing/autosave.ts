import type { Conflict } from "./conflict";

/** How long after the last keystroke a text is saved, and after a failure it is tried again. */
export const AUTOSAVE_MS = 2_000;
const RETRY_MS = 5_000;

/** What is sent: the text as it was last saved from here, and as it is now. */
export type Sending<Text> = { was: string; now: Text };

/** What the desk answers to a text. */
export type Received<Answer> =
  /** `mine`: the document that was sent, `text`: the one that is saved, with what others have changed. */
  | { kind: "saved"; mine: string; text: string; answer: Answer }
  | { kind: "conflict"; conflict: Conflict }
  | { kind: "refused"; message: string }
  | { kind: "session-ended" }
  | { kind: "unreachable" };

export type AutosaveState =
  | { kind: "saved"; at: Date | null }
  | { kind: "waiting" }
  | { kind: "saving" }
  | { kind: "offline" }
  | { kind: "conflict" }
  | { kind: "refused"; message: string };

type AutosaveOptions<Text, Answer> = {
  /** The document as it was saved, and what it looks like as a text. */
  was: string;
  saved: Text;
  current: () => Text;
  isSame: (one: Text, other: Text) => boolean;
  send: (sending: Sending<Text>) => Promise<Received<Answer>>;
  /** Called when a text was saved. Returns the document that later texts are based on. */
  onSaved: (saved: { sent: Text; mine: string; text: string; answer: Answer }) => string;
  onConflict: (conflict: Conflict, sent: Text) => void;
  /** The session has ended: only the form itself can still be kept. */
  onSessionEnd: () => void;
  onState: (state: AutosaveState) => void;
};

/**
 * Saves a text while it is written: some time after the last change, one request at a time. Keeps trying while
 * the desk cannot be reached.
 */
export class Autosave<Text, Answer> {
  readonly #options: AutosaveOptions<Text, Answer>;
  #was: string;
  #saved: Text;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #sending: Promise<void> | null = null;
  #paused = false;
  #stopped = false;
  /** What the desk refused: it is not sent again as it is. */
  #refused: { text: Text } | null = null;

  constructor(options: AutosaveOptions<Text, Answer>) {
    this.#options = options;
    this.#was = options.was;
    this.#saved = options.saved;
  }

  /** The document that the text was changed from, for a form that is sent in its place. */
  get was(): string {
    return this.#was;
  }

  /** What the desk has of the text. */
  get saved(): Text {
    return this.#saved;
  }

  /** What is being sent, if something is. */
  get sending(): Promise<void> | null {
    return this.#sending;
  }

  /** Whether something was written that the desk does not have. */
  get isUnsaved(): boolean {
    return this.#sending !== null || !this.#options.isSame(this.#options.current(), this.#saved);
  }

  /** Call whenever the text may have changed. */
  changed(): void {
    if (this.#stopped || this.#paused || !this.isUnsaved) return;
    if (this.#sending === null) this.#options.onState({ kind: "waiting" });
    this.#after(AUTOSAVE_MS);
  }

  /** Saves now what is not saved yet. */
  async flush(): Promise<void> {
    clearTimeout(this.#timer);
    if (this.#stopped || this.#paused || this.#sending !== null || !this.isUnsaved) return;
    const sent = this.#options.current();
    if (this.#refused && this.#options.isSame(this.#refused.text, sent)) return;
    this.#options.onState({ kind: "saving" });
    this.#sending = this.#send(sent);
    await this.#sending;
  }

  /** Saves nothing until `resume`: the form is being sent. */
  pause(): void {
    this.#paused = true;
    clearTimeout(this.#timer);
  }

  resume(): void {
    this.#paused = false;
    this.changed();
  }

  /** The form has saved a text, or chosen between two. Later texts are based on this document. */
  rebase(was: string, saved: Text): void {
    this.#was = was;
    this.#saved = saved;
    this.#refused = null;
    this.#stopped = false;
    if (this.isUnsaved) this.changed();
    else this.#options.onState({ kind: "saved", at: new Date() });
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  async #send(sent: Text): Promise<void> {
    let received: Received<Answer>;
    try {
      received = await this.#options.send({ was: this.#was, now: sent });
    } catch {
      received = { kind: "unreachable" };
    }
    this.#sending = null;
    if (!this.#stopped) this.#receive(sent, received);
  }

  #receive(sent: Text, received: Received<Answer>): void {
    const { onState, onSaved, onConflict, onSessionEnd } = this.#options;
    switch (received.kind) {
      case "saved": {
        const { mine, text, answer } = received;
        this.#refused = null;
        this.#saved = sent;
        this.#was = onSaved({ sent, mine, text, answer });
        // What others wrote came in with it.
        if (this.#was !== mine) this.#saved = this.#options.current();
        onState({ kind: "saved", at: new Date() });
        this.changed();
        return;
      }
      case "unreachable":
        onState({ kind: "offline" });
        this.#after(RETRY_MS);
        return;
      case "refused":
        this.#refused = { text: sent };
        onState({ kind: "refused", message: received.message });
        return;
      case "conflict":
        this.#stopped = true;
        onState({ kind: "conflict" });
        onConflict(received.conflict, sent);
        return;
      case "session-ended":
        this.#stopped = true;
        onSessionEnd();
    }
  }

  #after(milliseconds: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.flush(), milliseconds);
  }
}
