import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import {
  AUTOSAVE_MS,
  Autosave,
  type AutosaveState,
  type Received,
  type Sending,
} from "@/components/admin/writing/autosave";
import type { Conflict } from "@/components/admin/writing/conflict";

type Answers = (sending: Sending<string>) => Promise<Received<string>>;

const CONFLICT: Conflict = { path: "en.md", revision: 3, theirs: "theirs", mine: "mine", difference: [] };
const accepted: Answers = async ({ now }) => ({ kind: "saved", mine: now, text: now, answer: "" });

/** A text that is saved by itself, and a desk that answers as it is told. */
function writing(answers: Answers[], merge: (text: string, sent: string) => boolean = () => false) {
  const desk = {
    text: "was",
    states: [] as AutosaveState[],
    sent: [] as Sending<string>[],
    conflicts: [] as Conflict[],
    sessionsEnded: 0,
  };
  const autosave = new Autosave<string, string>({
    was: "was",
    saved: "was",
    current: () => desk.text,
    isSame: (one, other) => one === other,
    send: (sending) => {
      desk.sent.push(sending);
      return (answers.shift() ?? accepted)(sending);
    },
    onSaved: ({ sent, mine, text }) => (text !== mine && merge(text, sent) ? text : mine),
    onConflict: (conflict) => desk.conflicts.push(conflict),
    onSessionEnd: () => {
      desk.sessionsEnded += 1;
    },
    onState: (state) => desk.states.push(state),
  });
  const type = (text: string) => {
    desk.text = text;
    autosave.changed();
  };
  return { desk, autosave, type };
}

const wait = (milliseconds = AUTOSAVE_MS) => vi.advanceTimersByTimeAsync(milliseconds);

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe("a text that is saved by itself", () => {
  test("is sent once, two seconds after the last keystroke, with what it was changed from", async () => {
    const { desk, type } = writing([]);
    type("was a");
    await wait(AUTOSAVE_MS - 1);
    type("was ab");
    await wait(AUTOSAVE_MS - 1);
    expect(desk.sent).toEqual([]);
    await wait(1);
    expect(desk.sent).toEqual([{ was: "was", now: "was ab" }]);
    expect(desk.states.at(-1)?.kind).toBe("saved");
    type("was abc");
    await wait();
    expect(desk.sent[1]).toEqual({ was: "was ab", now: "was abc" });
  });

  test("is not sent when it is as it was", async () => {
    const { desk, type } = writing([]);
    type("other");
    type("was");
    await wait();
    expect(desk.sent).toEqual([]);
  });

  test("goes one request at a time: what is typed meanwhile follows", async () => {
    let answer: () => void = () => {};
    const slow: Answers = ({ now }) =>
      new Promise((resolve) => {
        answer = () => resolve({ kind: "saved", mine: now, text: now, answer: "" });
      });
    const { desk, autosave, type } = writing([slow]);
    type("one");
    await wait();
    type("one two");
    await wait();
    expect(desk.sent).toHaveLength(1);
    expect(autosave.isUnsaved).toBe(true);
    answer();
    await wait();
    expect(desk.sent[1]).toEqual({ was: "one", now: "one two" });
    expect(autosave.isUnsaved).toBe(false);
  });

  test("stays while the desk cannot be reached, and is sent once it can", async () => {
    const { desk, autosave, type } = writing([
      () => Promise.reject(new Error("offline")),
      async () => ({ kind: "unreachable" }),
    ]);
    type("new");
    await wait();
    expect(desk.states.at(-1)?.kind).toBe("offline");
    await wait(20_000);
    expect(desk.sent).toHaveLength(3);
    expect([desk.states.at(-1)?.kind, autosave.isUnsaved]).toEqual(["saved", false]);
  });

  test("is based on the merged text once that is shown, and else on what was sent", async () => {
    const merged: Answers = async ({ now }) => ({
      kind: "saved",
      mine: now,
      text: `${now} and theirs`,
      answer: "",
    });
    const shown = writing([merged], (text) => {
      shown.desk.text = text;
      return true;
    });
    shown.type("mine");
    await wait();
    expect([shown.autosave.was, shown.autosave.isUnsaved]).toEqual(["mine and theirs", false]);

    const typing = writing([merged]);
    typing.type("mine");
    await wait();
    expect([typing.autosave.was, typing.autosave.isUnsaved]).toEqual(["mine", false]);
  });

  test("is not sent again as it is after a refusal", async () => {
    const { desk, autosave, type } = writing([async () => ({ kind: "refused", message: "too long" })]);
    type("long");
    await wait();
    autosave.changed();
    await wait();
    expect(desk.sent).toHaveLength(1);
    expect(desk.states.at(-1)).toMatchObject({ kind: "waiting" });
    type("short");
    await wait();
    expect(desk.sent[1]).toEqual({ was: "was", now: "short" });
  });

  test("waits for a choice after a conflict, and goes on from what was chosen", async () => {
    const { desk, autosave, type } = writing([async () => ({ kind: "conflict", conflict: CONFLICT })]);
    type("mine");
    await wait();
    expect(desk.conflicts).toEqual([CONFLICT]);
    type("mine, too");
    await wait();
    expect(desk.sent).toHaveLength(1);
    autosave.rebase("mine", "mine");
    await wait();
    expect(desk.sent[1]).toEqual({ was: "mine", now: "mine, too" });
  });

  test("is handed to the form when the session has ended, and not sent any more", async () => {
    const { desk, autosave, type } = writing([async () => ({ kind: "session-ended" })]);
    type("mine");
    await wait();
    type("mine, too");
    await wait();
    expect([desk.sessionsEnded, desk.sent.length, autosave.isUnsaved]).toEqual([1, 1, true]);
  });

  test("waits while the form is being sent", async () => {
    const { desk, autosave, type } = writing([]);
    type("mine");
    autosave.pause();
    type("mine, too");
    await wait();
    expect(desk.sent).toEqual([]);
    autosave.resume();
    await wait();
    expect(desk.sent).toEqual([{ was: "was", now: "mine, too" }]);
  });
});
