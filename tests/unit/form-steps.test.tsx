import { renderToReadableStream } from "react-dom/server";
import { describe, expect, test, vi } from "vitest";
import type { FormAction, FormState } from "@/components/admin/form-state";
import { PaperForm, type PaperReport } from "@/components/admin/PaperForm";
import { RuleForm, type RulePreview } from "@/components/admin/RuleForm";

vi.mock("next/navigation", () => ({ usePathname: () => "/admin/some/page" }));

/** A Server Action as React's server renderer knows it: by an id, also when an earlier state is bound to it. */
function serverAction<Result = never>(id: string): FormAction<Result> {
  const action = Object.assign(async (before: FormState<Result>) => before, {
    $$FORM_ACTION: (prefix: string) => {
      const data = new FormData();
      data.set(prefix, id);
      return { name: `$ACTION_REF_${prefix}`, method: "POST", encType: "multipart/form-data", data };
    },
    $$IS_SIGNATURE_EQUAL: (sent: string) => sent === id,
    bind: () => action,
  });
  return action;
}

/** A form that a browser without JavaScript sent: what came of it, and which form of the page it was. */
type Sent = { state: FormState<unknown>; action: string; key: string };

async function rendered(page: React.ReactElement, sent?: Sent): Promise<string> {
  const options = sent ? { formState: [sent.state, sent.key, sent.action, 0] as never } : {};
  return new Response(await renderToReadableStream(page, options)).text();
}

/** The keys of a page's forms, by which React finds the one that was sent. */
const keysIn = (html: string) =>
  [...html.matchAll(/name="\$ACTION_KEY" value="([^"]+)"/g)].map(([, key = ""]) => key);

const REPORT: PaperReport = {
  draft: "draft-id",
  file: "sheet.csv",
  signatures: 2,
  present: 1,
  mistakes: [{ line: 4, text: "Updates: write yes or no." }],
  moreMistakes: 0,
};
const MATCHES: RulePreview = {
  rule: { name: "Donald Duck", domain: "", network: "", country: "", from: "", to: "", group: "" },
  signatures: 1,
  whole: true,
  sample: [
    {
      id: "signature-id",
      name: "Donald Duck",
      email: "donald@example.org",
      country: "AF",
      state: "confirmed",
      source: "web",
      signedAt: new Date("2026-11-24T10:00:00Z"),
    },
  ],
};

const paper = (
  <PaperForm
    extension=".csv"
    limitBytes={1024}
    draftMinutes={60}
    since="2026-09-01"
    draft={serverAction<PaperReport>("first")}
    importDraft={serverAction("second")}
  />
);
const rule = (
  <RuleForm
    group={null}
    countries={[{ code: "AF", name: "Afghanistan" }]}
    reasons={["made by a machine"]}
    preview={serverAction<RulePreview>("first")}
    start={serverAction("second")}
  />
);

describe("without JavaScript", () => {
  test.each([
    ["a file of paper signatures", paper, REPORT, "2 signatures can be imported", 'value="draft-id"'],
    ["a rule", rule, MATCHES, "1 valid signature matches", 'value="Donald Duck"'],
  ])("%s shows what was found and then what the next step asks", async (_, page, result, found, hidden) => {
    const [firstKey = ""] = keysIn(await rendered(page));
    const first = { state: { kind: "found", result, typed: {} } as const, action: "first", key: firstKey };
    const shown = await rendered(page, first);
    expect(shown.replaceAll("<!-- -->", "")).toContain(found);
    expect(shown).toContain(hidden);

    const [, secondKey = ""] = keysIn(shown);
    const code = { why: "Your last code is old.", refused: false, clockOff: false };
    const typed = { draft: "draft-id", name: "Donald Duck", form: "second" };
    const asking = { kind: "asking", question: null, code, typed } as const;
    const asked = await rendered(page, { state: asking, action: "second", key: secondKey });
    expect(asked).toContain("Your last code is old.");
    expect(asked).toContain(hidden);
  });
});
