import { beforeEach, expect, test, vi } from "vitest";
import { withdraw } from "@/app/admin/[campaign]/signatories/[id]/actions";
import DeskLayout from "@/app/admin/layout";
import AccountPage from "@/app/admin/settings/account/page";
import { sessionOf as findSession } from "@/lib/accounts/sessions";
import { campaignNamed } from "@/lib/campaigns";
import { useDatabase } from "@/tests/support/application";
import { CAMPAIGN_SLUG } from "@/tests/support/campaign";
import { send, show } from "@/tests/support/desk-pages";
import { withinFramework } from "@/tests/support/framework";
import { sessionOf } from "@/tests/support/session";

useDatabase();

/** Stands for the memory that React keeps while it renders one request; outside of it React keeps none. */
const memory = vi.hoisted(() => ({ ofRequest: new Map<unknown, unknown>() }));

vi.mock("react", async (original) => {
  const react = await original<typeof import("react")>();
  const cache = (read: () => unknown) => () => {
    if (!memory.ofRequest.has(read)) memory.ofRequest.set(read, read());
    return memory.ofRequest.get(read);
  };
  return { ...react, default: react, cache };
});
vi.mock("@/lib/accounts/sessions", async (original) => {
  const sessions = await original<typeof import("@/lib/accounts/sessions")>();
  return { ...sessions, sessionOf: vi.fn(sessions.sessionOf) };
});
vi.mock("@/lib/campaigns", async (original) => {
  const campaigns = await original<typeof import("@/lib/campaigns")>();
  return { ...campaigns, campaignNamed: vi.fn(campaigns.campaignNamed) };
});

beforeEach(() => {
  memory.ofRequest.clear();
});

test("a page of the desk reads its session once", async () => {
  const cookie = await sessionOf("viewer");
  vi.mocked(findSession).mockClear();
  const request = new Request("http://localhost/admin/settings/account", { headers: { cookie } });
  await withinFramework(request, () => DeskLayout({ children: null }));
  const page = await show(AccountPage, { cookie, path: "/admin/settings/account" }, {});
  expect(page.html).toContain("Your sessions");
  expect(findSession).toHaveBeenCalledTimes(1);
});

test("an action finds its campaign once, for its question and its deed", async () => {
  const cookie = await sessionOf("owner");
  vi.mocked(campaignNamed).mockClear();
  const signature = crypto.randomUUID();
  const path = `/admin/${CAMPAIGN_SLUG}/signatories/${signature}`;
  // Nobody is there to ask about, so the deed follows at once.
  const { state } = await send(withdraw, { cookie, path }, { form: "signatory", signature });
  expect(state).toMatchObject({ kind: "failed", title: "There is no such signature" });
  expect(campaignNamed).toHaveBeenCalledTimes(1);
});
