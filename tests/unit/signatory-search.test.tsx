import { renderToReadableStream } from "react-dom/server";
import { describe, expect, test } from "vitest";
import type { FormState } from "@/components/admin/form-state";
import { SignatorySearch } from "@/components/admin/SignatorySearch";
import type { ListedSignatory, PeopleFound } from "@/components/admin/shown-signatory";
import { serverAction } from "@/tests/support/server-action";

const PATH = "/admin/some-campaign/signatories";
const FIND = "laila@example.org";

const person = (name: string): ListedSignatory => ({
  id: crypto.randomUUID(),
  name,
  email: FIND,
  country: "AF",
  locale: "ps",
  state: "confirmed",
  source: "web",
  signedAt: new Date("2026-11-01T10:00:00Z"),
  confirmedAt: null,
});
const listed = person("Listed Person");
const found = person("Found Person");

const search = serverAction<PeopleFound>("search");
const chosen = serverAction("chosen");

type Posted = [state: FormState<PeopleFound>, key: string, id: string, bound: number];

/** Renders the page as the framework does after a form was posted without JavaScript. */
async function rendered(formState?: Posted): Promise<string> {
  const page = (
    <SignatorySearch
      path={PATH}
      search={search}
      choosing={{ action: chosen, reasons: ["made by a machine"] }}
      signatories={[listed]}
      allChosen={false}
      above={<p>The filters</p>}
      below={<p>The pages</p>}
    />
  );
  const options = formState === undefined ? {} : { formState: formState as never };
  return new Response(await renderToReadableStream(page, options)).text();
}

/** The key of an action's form, by which React finds the state that belongs to it. */
function keyOf(action: string, markup: string): string {
  const form = markup.split("<form").find((each) => each.includes(`name="id" value="${action}"`)) ?? "";
  return /name="\$ACTION_KEY" value="([^"]+)"/.exec(form)?.[1] ?? "none";
}

async function searched(result: Partial<PeopleFound>): Promise<string> {
  const whole = { people: [], more: false, suppressed: null, lifted: false, ...result };
  const key = keyOf("search", await rendered());
  return rendered([{ kind: "found", result: whole, typed: { find: FIND } }, key, "search", 0]);
}

describe("the search for a person, without JavaScript", () => {
  test("shows those found in place of the list, and keeps what was searched for", async () => {
    expect(await rendered()).toContain("Listed Person");
    const markup = await searched({ people: [found] });
    expect(markup).toContain("Found Person");
    expect(markup).not.toMatch(/Listed Person|The filters|The pages/);
    expect(markup).toContain(`value="${FIND}"`);
    expect(markup.match(/(?:href|action)="[^"]*(?:laila|Person)/g)).toBeNull();
  });

  test("says what to try next when nobody is found", async () => {
    const markup = await searched({});
    expect(markup).toContain("Nobody is found");
    expect(markup).toContain(`value="${FIND}"`);
    expect(markup).toContain(`href="${PATH}"`);
  });

  test("lets an owner allow mail again to the address that was searched for", async () => {
    const suppressed = { since: new Date("2026-10-01"), why: "asked for no more mail", address: FIND };
    const markup = await searched({ suppressed });
    expect(markup).toMatch(/Suppressed since <time [^>]*>2026-10-01</);
    expect(markup).toMatch(/<form id="search"/);
    expect(markup).toMatch(new RegExp(`<input type="hidden" form="search" name="address" value="${FIND}"`));
    expect(markup).toMatch(/<button [^>]*form="search"[^>]*value="lift"/);
  });

  test("asks about those chosen among them, although the page that asks shows the list again", async () => {
    const key = keyOf("chosen", await searched({ people: [found] }));
    expect(key).toBe(keyOf("chosen", await rendered()));
    const asking: FormState = {
      kind: "asking",
      question: { title: "Withdraw 1 signature?", text: "It no longer counts.", button: "Withdraw it" },
      code: null,
      typed: { action: "withdraw", [`id.${found.id}`]: "yes" },
    };
    const markup = await rendered([asking, key, "chosen", 0]);
    expect(markup).toContain("Withdraw 1 signature?");
    expect(markup).toContain(`<input type="hidden" name="id.${found.id}" value="yes"/>`);
    expect(markup).not.toContain("Listed Person");
  });

  test("keeps what was chosen when a choice was wrong", async () => {
    const key = keyOf("chosen", await rendered());
    const mistakes = [{ field: "reason", text: "Why they are invalid: choose a reason from the list." }];
    const typed = { [`id.${listed.id}`]: "yes", reason: "" };
    const markup = await rendered([{ kind: "invalid", mistakes, typed }, key, "chosen", 0]);
    expect(markup).toMatch(new RegExp(`name="id.${listed.id}"[^>]*checked`));
    expect(markup).toContain("choose a reason from the list");
  });
});
