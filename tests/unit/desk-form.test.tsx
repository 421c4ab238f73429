import { PathnameContext } from "next/dist/shared/lib/hooks-client-context.shared-runtime";
import type { ReactNode } from "react";
import { renderToReadableStream } from "react-dom/server";
import { describe, expect, test } from "vitest";
import type { FormState } from "@/components/admin/form-state";
import { DeskForm } from "@/components/admin/kit/DeskForm";
import { Draft } from "@/components/admin/kit/Draft";
import { Checkbox, TextField } from "@/components/admin/kit/fields";
import { serverAction } from "@/tests/support/server-action";

const PAGE = "/admin/some-campaign/settings";

const save = serverAction("save");
const discard = serverAction("discard");

type Posted = [state: FormState, key: string, id: string, bound: number];
type Kept = { path: string; typed: Record<string, string> };
type Rendering = { saved: Record<string, string>; draft?: Kept; posted?: Posted };

/** Renders a page with a form of three fields, as after a post without JavaScript. */
async function rendered({ saved, draft, posted }: Rendering): Promise<string> {
  const form: ReactNode = (
    <PathnameContext value={PAGE}>
      <Draft draft={draft ?? null} discard={discard}>
        <DeskForm name="goals" action={save} original={saved}>
          <TextField name="goal" label="Goal" initial={saved.goal ?? ""} />
          <TextField name="next" label="Next goals" initial={saved.next ?? ""} />
          <Checkbox name="tick" label="Tick" initial={saved.tick === "yes"} />
        </DeskForm>
      </Draft>
    </PathnameContext>
  );
  const options = posted === undefined ? {} : { formState: posted as never };
  return new Response(await renderToReadableStream(form, options)).text();
}

/** What a browser would send of the form, untouched. */
function fieldsOf(markup: string): Record<string, string> {
  const form = markup.split("<form").find((each) => each.includes('name="form" value="goals"')) ?? "";
  return Object.fromEntries(
    [...form.matchAll(/<input [^>]*>/g)].flatMap(([input]) => {
      const [, name = ""] = /name="([^"]*)"/.exec(input) ?? [];
      const [, value = ""] = / value="([^"]*)"/.exec(input) ?? [];
      const isSent = !input.includes('type="checkbox"') || input.includes("checked");
      return isSent && !name.startsWith("$") && !["id", "save"].includes(name) ? [[name, value]] : [];
    }),
  );
}

function keyOf(markup: string): string {
  const form = markup.split("<form").find((each) => each.includes('name="form" value="goals"')) ?? "";
  return /name="\$ACTION_KEY" value="([^"]+)"/.exec(form)?.[1] ?? "none";
}

const OPENED = { goal: "1", next: "5", tick: "yes" };
/** The reader changed the goal; meanwhile somebody else has changed everything else. */
const SENT = {
  form: "goals",
  goal: "2",
  "was.goal": "1",
  next: "5",
  "was.next": "5",
  tick: "yes",
  "was.tick": "yes",
};
const SAVED_BY_NOW = { goal: "1", next: "6", tick: "" };
const CARRIED_OVER = {
  form: "goals",
  goal: "2",
  "was.goal": "1",
  next: "6",
  "was.next": "6",
  "was.tick": "",
};

async function answered(state: FormState, saved: Record<string, string>): Promise<Record<string, string>> {
  const key = keyOf(await rendered({ saved: OPENED }));
  return fieldsOf(await rendered({ saved, posted: [state, key, "save", 0] }));
}

describe("a form that comes back while somebody else has saved other values", () => {
  test("does not undo their change to a field that its reader left alone", async () => {
    const mistakes = [{ field: "goal", text: "Goal: write a number." }];
    expect(await answered({ kind: "invalid", mistakes, typed: SENT }, SAVED_BY_NOW)).toEqual(CARRIED_OVER);
  });

  test("does not hide from the action that both changed one field", async () => {
    const mistakes = [{ field: "next", text: "Next goals: write numbers." }];
    const fields = await answered({ kind: "invalid", mistakes, typed: SENT }, { ...OPENED, goal: "3" });
    expect(fields).toMatchObject({ goal: "2", "was.goal": "1" });
  });

  test("sends the same when it asks for a code", async () => {
    const code = { why: "Your last code is old.", refused: false, clockOff: false };
    const fields = await answered({ kind: "asking", question: null, code, typed: SENT }, SAVED_BY_NOW);
    expect(fields).toEqual({ ...CARRIED_OVER, tick: "", code: "" });
  });

  test("does the same as a draft", async () => {
    const markup = await rendered({ saved: SAVED_BY_NOW, draft: { path: PAGE, typed: SENT } });
    expect(fieldsOf(markup)).toEqual(CARRIED_OVER);
  });
});

test("a form says what came of it although its draft is gone by then", async () => {
  const draft = { path: PAGE, typed: SENT };
  const key = keyOf(await rendered({ saved: OPENED, draft }));
  const markup = await rendered({
    saved: OPENED,
    posted: [{ kind: "done", message: "It has been saved." }, key, "save", 0],
  });
  expect(markup).toContain("It has been saved.");
});
