import { PathnameContext } from "next/dist/shared/lib/hooks-client-context.shared-runtime";
import type { ReactNode } from "react";
import { renderToReadableStream } from "react-dom/server";
import { describe, expect, test } from "vitest";
import type { FileToFetch } from "@/components/admin/ExportForms";
import { Exports } from "@/components/admin/Exports";
import type { FormState } from "@/components/admin/form-state";
import { Invalidations } from "@/components/admin/Invalidations";
import { DeskForm } from "@/components/admin/kit/DeskForm";
import { Draft } from "@/components/admin/kit/Draft";
import { Checkbox, TextField } from "@/components/admin/kit/fields";
import { Limits } from "@/components/admin/Limits";
import { MailAlarm } from "@/components/admin/MailAlarm";
import { News } from "@/components/admin/news/News";
import { Mail } from "@/components/admin/overview/Mail";
import { Receipt } from "@/components/admin/Receipt";
import { Review } from "@/components/admin/Review";
import type { RulePreview } from "@/components/admin/RuleForm";
import { CampaignStatus } from "@/components/admin/settings/CampaignStatus";
import { Team } from "@/components/admin/Team";
import { Versions } from "@/components/admin/versions/Versions";
import type { ShownDraft } from "@/components/admin/versions/WorkingDraft";
import { isTypedInto } from "@/lib/desk-form";
import type { DeskCampaign } from "@/lib/editing";
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
function fieldsOf(markup: string, name = "goals"): Record<string, string> {
  const form = formIn(markup, name);
  return Object.fromEntries(
    [...form.matchAll(/<input [^>]*>/g)].flatMap(([input]) => {
      const [, name = ""] = /name="([^"]*)"/.exec(input) ?? [];
      const [, value = ""] = / value="([^"]*)"/.exec(input) ?? [];
      const isSent = !input.includes('type="checkbox"') || input.includes("checked");
      return isSent && !name.startsWith("$") && !["id", "save"].includes(name) ? [[name, value]] : [];
    }),
  );
}

/** The first form of a name, up to the next form. */
function formIn(markup: string, name: string): string {
  return markup.split("<form").find((each) => each.includes(`name="form" value="${name}"`)) ?? "";
}

function keyOf(markup: string, name = "goals"): string {
  const form = formIn(markup, name);
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

describe("a form that is gone once its action has been carried out", () => {
  const MESSAGE = "It has been done.";
  const act = serverAction("act");
  const other = serverAction("other");
  const at = new Date("2026-11-27T00:00:00Z");
  const REVIEW = { desk: "/admin/x", mayChange: true, actions: { genuine: other, decide: act } };
  const KIND = { kind: "burst", title: "Bursts", meaning: "Hours." };
  const GROUP = {
    id: "g",
    kind: "burst",
    signatures: 60,
    lastAt: at,
    country: "AF",
    signedFrom: at,
    example: null,
  };
  const JOB = { id: "j", reason: "r", actorLabel: "a", marked: 1, createdAt: at, by: "country" };
  const TEAM = { tokenMaxDays: 90, accounts: [], campaigns: [], sessions: [], tokens: [] };
  const TEAM_ACTIONS = {
    invite: other,
    giveRole: other,
    changePerson: other,
    endSession: other,
    makeToken: other,
    revokeToken: other,
  };
  const MAIL = {
    queued: 0,
    batched: 0,
    oldestQueuedSeconds: null,
    sentLastDay: 0,
    dead: [],
    bounced: 0,
    complained: 0,
    ambiguous: [],
    pausedUntil: null,
    pauseReason: null,
    trouble: { stop: null, failures: [] },
  };
  const LIMITS = { alarms: [], limits: [], options: [], saved: {} };
  const RECEIPT = { title: "t", text: "t", at, who: "w", overview: "/admin/x" };
  const EXPORTS = { slug: "x", countries: [], query: new URLSearchParams(), runs: [] };

  const STATUS = {
    outcomeTexts: new Map(),
    confirmationDays: 7,
    keptMonths: { closed: 9, handedOver: 1 },
  };
  const CAMPAIGN = {
    slug: "x",
    title: "X",
    status: "open",
    outcome: null,
    version: 1,
    working: null,
    languages: ["en"],
    fourEyes: false,
    archived: false,
    handedOverAt: null,
  } satisfies DeskCampaign;
  const DRAFT: ShownDraft = {
    number: null,
    state: "draft",
    revision: 2,
    authorLabel: "w",
    changedAt: at,
    submittedAt: null,
    publishAt: null,
    schedulerLabel: null,
    publishedAt: null,
    publisherLabel: null,
    callChanged: false,
    tellSigners: null,
    note: "",
    remark: "",
    returnedBy: null,
    outlook: { faults: [], languages: ["en"], changesCall: false, missing: null },
  };

  /** The page with the form, and as it is once the action has been carried out. */
  const PAGES: [what: string, form: string, page: (isThere: boolean) => ReactNode][] = [
    [
      "a campaign is reopened",
      "status",
      (isThere) => (
        <CampaignStatus
          {...STATUS}
          campaign={{ ...CAMPAIGN, status: isThere ? "closed" : "open" }}
          actions={{ closeOrReopen: act, handOver: other, archiveOrUnarchive: other }}
        />
      ),
    ],
    [
      "a campaign is handed over",
      "hand-over",
      (isThere) => (
        <CampaignStatus
          {...STATUS}
          campaign={{ ...CAMPAIGN, status: "closed", handedOverAt: isThere ? null : at }}
          actions={{ closeOrReopen: other, handOver: act, archiveOrUnarchive: other }}
        />
      ),
    ],
    [
      "a campaign is archived",
      "archive",
      (isThere) => (
        <CampaignStatus
          {...STATUS}
          campaign={{ ...CAMPAIGN, status: "closed", archived: !isThere }}
          actions={{ closeOrReopen: other, handOver: other, archiveOrUnarchive: act }}
        />
      ),
    ],
    [
      "a draft is published",
      "draft",
      (isThere) => (
        <Versions
          campaign={CAMPAIGN}
          draft={isThere ? DRAFT : null}
          published={[]}
          timeZone="UTC"
          may={{ write: true, publish: true }}
          actions={{ decide: act, takeBack: other }}
        />
      ),
    ],
    [
      "an entry is taken off a list",
      "remove",
      (isThere) => (
        <Limits
          {...LIMITS}
          total={isThere ? 1 : 0}
          entries={
            isThere
              ? [{ id: "e", verdict: "block", domain: "a.example", network: null, note: "", createdAt: at }]
              : []
          }
          actions={{ set: other, add: other, remove: act }}
        />
      ),
    ],
    [
      "a held signature is released",
      "held",
      (isThere) => (
        <Review
          {...REVIEW}
          kinds={[]}
          groups={[]}
          held={isThere ? [{ id: "s", name: "Laila", country: "AF", signedAt: at }] : []}
        />
      ),
    ],
    [
      "a group is marked genuine",
      "genuine",
      (isThere) => (
        <Review
          {...REVIEW}
          actions={{ genuine: act, decide: other }}
          kinds={[KIND]}
          groups={isThere ? [GROUP] : []}
          held={[]}
        />
      ),
    ],
    [
      "a job is undone",
      "job",
      (isThere) => (
        <Invalidations
          desk="/admin/x"
          group={null}
          started={null}
          countries={[]}
          reasons={[]}
          jobs={[{ ...JOB, state: isThere ? "running" : "undoing" }]}
          actions={{ preview: serverAction<RulePreview>("preview"), start: other, stopOrUndo: act }}
        />
      ),
    ],
    [
      "a person is removed",
      "person",
      (isThere) => (
        <Team
          {...TEAM}
          accounts={
            isThere
              ? [
                  {
                    email: "a@example.org",
                    role: "viewer",
                    campaignRoles: [],
                    enrolled: true,
                    lastSeenAt: null,
                  },
                ]
              : []
          }
          actions={{ ...TEAM_ACTIONS, changePerson: act }}
        />
      ),
    ],
    [
      "a session is ended",
      "end-session",
      (isThere) => (
        <Team
          {...TEAM}
          sessions={isThere ? [{ id: "s", email: "a@example.org", createdAt: at, lastSeenAt: at }] : []}
          actions={{ ...TEAM_ACTIONS, endSession: act }}
        />
      ),
    ],
    [
      "a token is revoked",
      "revoke-token",
      (isThere) => (
        <Team
          {...TEAM}
          tokens={[
            {
              name: "t",
              role: "viewer",
              maker: null,
              expiresAt: at,
              revokedAt: isThere ? null : at,
              lastUsedAt: null,
            },
          ]}
          actions={{ ...TEAM_ACTIONS, revokeToken: act }}
        />
      ),
    ],
    [
      "mail is owed again",
      "retry",
      (isThere) => (
        <Mail
          mail={{ ...MAIL, dead: isThere ? [{ reason: "refused", mails: 2, mayRetry: true }] : [] }}
          actions={{ retry: act, decide: other, resume: other }}
        />
      ),
    ],
    [
      "a batch is decided on",
      "decide",
      (isThere) => (
        <Mail
          mail={{ ...MAIL, ambiguous: isThere ? [{ id: "b", createdAt: at, mails: 2, reason: null }] : [] }}
          actions={{ retry: other, decide: act, resume: other }}
        />
      ),
    ],
    [
      "mail is let go out",
      "resume",
      (isThere) => (
        <MailAlarm
          trouble={{ stop: isThere ? { by: "restore", since: at } : null, failures: [] }}
          resume={act}
        />
      ),
    ],
    [
      "saved choices are deleted",
      "delete",
      (isThere) => (
        <Exports
          {...EXPORTS}
          saved={isThere ? [{ id: "e", name: "Weekly", query: "", savedBy: "a" }] : []}
          actions={{
            exportOrSave: serverAction<FileToFetch>("export"),
            delete: act,
            packet: serverAction<FileToFetch>("packet"),
          }}
        />
      ),
    ],
    [
      "news is deleted",
      "remove",
      (isThere) => (
        <News
          slug="x"
          locale="en"
          limits={{ title: 100, text: 1000 }}
          news={isThere ? [{ id: "n", title: "News", text: "Some", publishedAt: at, changedAt: null }] : []}
          actions={{ publish: other, correct: other, remove: act }}
        />
      ),
    ],
    [
      "what a receipt is about is taken back",
      "undo",
      (isThere) => <Receipt {...RECEIPT} undo={{ action: act, fields: { job: "j" }, isOpen: isThere }} />,
    ],
    [
      "a draft is discarded",
      "draft",
      (isThere) => (
        <Draft draft={isThere ? { path: PAGE, typed: SENT } : null} discard={act}>
          page
        </Draft>
      ),
    ],
  ];

  const shown = async (page: ReactNode, posted?: Posted) => {
    const options = posted === undefined ? {} : { formState: posted as never };
    const around = <PathnameContext value={PAGE}>{page}</PathnameContext>;
    return new Response(await renderToReadableStream(around, options)).text();
  };

  test.each(PAGES)("leaves its answer on the page when %s", async (_, form, page) => {
    const before = await shown(page(true));
    expect(before).toContain(`name="form" value="${form}"`);
    const answer: FormState = { kind: "done", message: MESSAGE };
    expect(await shown(page(false), [answer, keyOf(before, form), "act", 0])).toContain(MESSAGE);
  });

  test.each(PAGES)("names the fields that it fills in by itself when %s", async (_, form, page) => {
    const sent = fieldsOf(await shown(page(true)), form);
    expect(isTypedInto(sent)).toBe(false);
  });
});
