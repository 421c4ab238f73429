import { beforeEach, expect, test, vi } from "vitest";
import DeskLayout from "@/app/admin/layout";
import AccountPage from "@/app/admin/settings/account/page";
import { sessionOf as findSession } from "@/lib/accounts/sessions";
import { useDatabase } from "@/tests/support/application";
import { show } from "@/tests/support/desk-pages";
import { withinFramework } from "@/tests/support/framework";
import { sessionOf } from "@/tests/support/session";

useDatabase();

/** Stands for the memory that React keeps while it renders one request; outside of it React keeps none. */
const memory = vi.hoisted(() => ({ ofRequest: new Map<unknown, unknown>() }));

vi.mock("react", async (original) => {
  const react = await original<typeof import("react")>();
  const cache =
    (read: (...what: unknown[]) => unknown) =>
    (...what: unknown[]) => {
      const key = what.length === 0 ? read : JSON.stringify([String(read), what]);
      if (!memory.ofRequest.has(key)) memory.ofRequest.set(key, read(...what));
      return memory.ofRequest.get(key);
    };
  return { ...react, default: react, cache };
});
vi.mock("@/lib/accounts/sessions", async (original) => {
  const sessions = await original<typeof import("@/lib/accounts/sessions")>();
  return { ...sessions, sessionOf: vi.fn(sessions.sessionOf) };
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
