import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, type Page } from "@playwright/test";
import { freshCode } from "./codes";

export const PASSWORD = "four words of no kind";

/** Runs `npm run admin -- …` beside the site under test. @returns what it printed. */
export async function adminCommand(...args: string[]): Promise<string> {
  const { TEST_DATA_FOLDER, TEST_PORT, ...env } = process.env;
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ["--import", "tsx", "scripts/admin.ts", ...args],
    { env: { ...env, DATA_FOLDER: TEST_DATA_FOLDER ?? "", PORT: TEST_PORT ?? "" } },
  );
  return stdout.trim();
}

type Role = "viewer" | "exporter" | "owner";
export type Enrolled = { email: string; secret: string; recoveryCodes: string[] };

/** Invites somebody by the command and sets password and authenticator in the browser. */
export async function enrolled(page: Page, role: Role): Promise<Enrolled> {
  const email = `${role}.${crypto.randomUUID().slice(0, 8)}@example.org`;
  const link = await adminCommand("add", email, "--role", role);
  await page.goto(link);
  const secret = (await page.locator("#totp-secret").textContent()) ?? "";
  await page.locator("[name=password]").fill(PASSWORD);
  await page.locator("[name=code]").fill(await freshCode(secret));
  await page.locator("button[type=submit]").click();
  await expect(page.locator("#recovery-codes li")).toHaveCount(10);
  return { email, secret, recoveryCodes: await page.locator("#recovery-codes li").allTextContents() };
}

/** Signs in with the next of the recovery codes: the authenticator's was used up by enrolling, and the next takes 30 s. */
export async function signInAs(
  page: Page,
  { email, recoveryCodes }: Enrolled,
  wanted = "/admin",
): Promise<void> {
  await page.goto(wanted);
  await page.locator("[name=email]").fill(email);
  await page.locator("[name=password]").fill(PASSWORD);
  await page.locator("[name=code]").fill(recoveryCodes.shift() ?? "");
  await page.locator("main button[type=submit]").click();
}

type Cookies = Awaited<ReturnType<ReturnType<Page["context"]>["cookies"]>>;

const accounts = new Map<Role, Enrolled>();
const sessions = new Map<Role, Cookies>();

/** Opens a page of the desk as somebody of a role, in a session that other tests use as well. */
export async function openDesk(page: Page, role: Role, wanted = "/admin"): Promise<void> {
  const cookies = sessions.get(role);
  if (cookies) {
    await page.context().addCookies(cookies);
    await page.goto(wanted);
    if (!page.url().includes("/admin/sign-in")) return;
  }
  const account = accounts.get(role);
  const known = account && account.recoveryCodes.length > 0 ? account : await enrolled(page, role);
  accounts.set(role, known);
  await signInAs(page, known, wanted);
  await expect(page.getByRole("button", { name: /^Sign out/ })).toBeVisible();
  sessions.set(role, await page.context().cookies());
}
