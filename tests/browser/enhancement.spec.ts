import { expect, type Page, test } from "@playwright/test";
import { limitNetworks, NO_LIMIT_IN_THE_WAY } from "@/scripts/support/browser-stack";
import { CAMPAIGN, someone } from "@/tests/support/browser";

test.skip(({ javaScriptEnabled }) => javaScriptEnabled === false, "what a browser with JavaScript adds");

const submit = (page: Page) => page.locator("form[action$='/signatures'] button[type=submit]");

async function fill(page: Page, { name, email }: { name: string; email: string }): Promise<void> {
  await page.locator("[name=name]").fill(name);
  await page.locator("[name=email]").fill(email);
  await page.locator("select[name=country]").selectOption("AF");
  await page.locator("[name=consent]").check();
}

/** Counts the posts of signatures that leave the page. */
function countPosts(page: Page): () => number {
  let posts = 0;
  page.on("request", (request) => {
    if (request.method() === "POST" && request.url().endsWith("/signatures")) posts++;
  });
  return () => posts;
}

test("shows a mistake when the field is left, and removes it once corrected", async ({ page }) => {
  await page.goto(CAMPAIGN);
  const email = page.locator("[name=email]");
  await email.fill("zarghuna@");
  await expect(page.locator("#email-error")).toHaveCount(0);
  await page.locator("[name=name]").focus();
  await expect(page.locator("#email-error")).toBeVisible();
  await expect(email).toHaveAttribute("aria-invalid", "true");
  await expect(email).toHaveAttribute("aria-describedby", "email-hint email-error");
  await email.fill("zarghuna@example.org");
  await expect(page.locator("#email-error")).toHaveCount(0);
  await expect(email).not.toHaveAttribute("aria-invalid");
  await expect(email).toHaveAttribute("aria-describedby", "email-hint");
});

test("does not send a form with mistakes: the summary takes the focus and links to each field", async ({
  page,
}) => {
  const posts = countPosts(page);
  await page.goto(CAMPAIGN);
  await submit(page).click();
  await expect(page.locator("#errors")).toBeFocused();
  await expect(page.locator("#errors li")).toHaveCount(4);
  await page.locator("#errors a[href='#email']").click();
  await expect(page.locator("[name=email]")).toBeFocused();
  expect(posts()).toBe(0);
});

test("focuses the summary that the server answers with, too", async ({ page }) => {
  await page.goto(CAMPAIGN);
  // A plain post, as from a page whose script did not come.
  await page.evaluate(() => document.querySelector<HTMLFormElement>("#sign form")?.submit());
  await expect(page.locator("#errors")).toBeFocused();
  await expect(page.locator("#errors li")).toHaveCount(4);
});

test("ignores a second press while the first is being sent", async ({ page }) => {
  const posts = countPosts(page);
  await page.goto(CAMPAIGN);
  await page.route("**/signatures", async (route) => {
    await new Promise((resolve) => setTimeout(resolve, 500));
    await route.continue();
  });
  await fill(page, someone("Fatima Bhutto"));
  await submit(page).click();
  await expect(submit(page)).toHaveAttribute("aria-disabled", "true");
  await submit(page).dispatchEvent("click");
  await expect(page).toHaveURL(`${CAMPAIGN}/thanks`);
  expect(posts()).toBe(1);
});

test("keeps what was typed when the connection drops, and sends it on the next press", async ({
  page,
  context,
}) => {
  const signer = someone("Parween Azimi");
  await page.goto(CAMPAIGN);
  await fill(page, signer);
  await context.setOffline(true);
  await submit(page).click();
  await expect(page.locator("#errors")).toBeFocused();
  await expect(page.locator("[name=email]")).toHaveValue(signer.email);
  // What would lose it, a reload, is asked about first.
  const asked = page.waitForEvent("dialog");
  const reloading = page.evaluate(() => location.reload()).catch(() => {});
  const dialog = await asked;
  expect(dialog.type()).toBe("beforeunload");
  await dialog.dismiss();
  await reloading;
  await expect(page.locator("[name=name]")).toHaveValue(signer.name);
  await expect(page.locator("[name=email]")).toHaveValue(signer.email);
  await context.setOffline(false);
  await submit(page).click();
  await expect(page).toHaveURL(`${CAMPAIGN}/thanks`);
});

test("restores what was typed after leaving the page or losing a plain post", async ({ page, context }) => {
  const signer = someone("Gulalai Wazir");
  await page.goto(CAMPAIGN);
  await fill(page, signer);
  await page.locator("#sign a[href$='/privacy']").click();
  await expect(page).toHaveURL(/\/privacy$/);
  await page.goBack();
  await expect(page.locator("[name=email]")).toHaveValue(signer.email);
  await context.setOffline(true);
  await page.evaluate(() => document.querySelector<HTMLFormElement>("#sign form")?.submit());
  await expect(page.locator("#sign")).toHaveCount(0);
  await context.setOffline(false);
  await page.goBack();
  await expect(page.locator("[name=name]")).toHaveValue(signer.name);
  await expect(page.locator("[name=email]")).toHaveValue(signer.email);
});

test("stores nothing typed in the browser, and keeps nothing once it is sent", async ({ page, context }) => {
  const signer = someone("Zarlasht Safi");
  const stored = () =>
    page.evaluate(async () => [
      sessionStorage.length,
      localStorage.length,
      (await indexedDB.databases()).length,
      JSON.stringify(history.state),
      document.cookie,
    ]);
  await page.goto(CAMPAIGN);
  await fill(page, signer);
  await context.setOffline(true);
  await submit(page).click();
  await expect(page.locator("#errors")).toBeFocused();
  expect(await stored()).toEqual([0, 0, 0, "null", ""]);
  await context.setOffline(false);
  await submit(page).click();
  await expect(page).toHaveURL(`${CAMPAIGN}/thanks`);
  expect(await stored()).toEqual([0, 0, 0, "null", ""]);
  expect(await context.cookies()).toEqual([]);
  await page.goBack();
  await expect(page.locator("[name=name]")).toHaveValue("");
  await expect(page.locator("[name=email]")).toHaveValue("");
});

test("does the requested work and sends the form by itself while too many sign from this network", async ({
  page,
}) => {
  await limitNetworks({ perMinute: 5, perHour: 10 });
  try {
    // The first minute's one that passes without work is taken already.
    for (const name of ["Huma Akbari", "Mina Wardak"]) {
      await page.goto(CAMPAIGN);
      await fill(page, someone(name));
      await submit(page).click();
      await expect(page).toHaveURL(`${CAMPAIGN}/thanks`, { timeout: 15_000 });
    }
  } finally {
    await limitNetworks(NO_LIMIT_IN_THE_WAY);
  }
});

test("copies a link that leads to the petition", async ({ page, context, baseURL }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await page.goto(`${CAMPAIGN}/thanks`);
  await page.locator(".share button").last().click();
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  expect(copied).toMatch(new RegExp(`^${baseURL}/s/[a-z0-9]+$`));
  await page.goto(copied);
  await expect(page).toHaveURL(new RegExp(`${CAMPAIGN}\\?ref=`));
});
