import { expect, test } from "@playwright/test";
import { expectNoViolations } from "@/tests/support/accessibility";
import { openDesk } from "@/tests/support/admin";
import { CAMPAIGN_SLUG } from "@/tests/support/campaign";
import { rows } from "@/tests/support/database-rows";

const OVERVIEW = `/admin/${CAMPAIGN_SLUG}/translations`;
const PASHTO = `${OVERVIEW}/ps`;
const PHONE = { width: 360, height: 740 };

test.beforeEach(async () => {
  await rows("DELETE FROM campaign_version WHERE state IN ('draft', 'in_review', 'scheduled')");
  await rows("DELETE FROM campaign_translation");
});

test("a part is translated beside its original, refused without its footnote, and checked", async ({
  page,
  javaScriptEnabled,
}) => {
  await openDesk(page, "owner", OVERVIEW);
  // axe needs a script; the markup is the same without.
  if (javaScriptEnabled) await expectNoViolations(page);
  await page.getByRole("link", { name: "پښتو", exact: true }).click();
  await expect(page).toHaveURL(PASHTO);
  if (javaScriptEnabled) await expectNoViolations(page);
  const summary = page.locator("[name='text.summary']");
  await expect(summary).toHaveAttribute("dir", "rtl");
  const before = await summary.inputValue();
  await summary.fill("پرته له نښې");
  await page.getByRole("button", { name: "Save the draft" }).first().click();
  await expect(page.getByRole("alert").filter({ hasText: "[^K2]" })).toBeVisible();
  await expect(summary).toHaveValue("پرته له نښې");
  await summary.fill(`نوی ${before}`);
  await page.getByRole("button", { name: "Save the draft" }).first().click();
  await expect(page.getByText("The translation is saved in the draft.")).toBeVisible();
  await expect(summary).toHaveValue(`نوی ${before}`);

  await page.getByRole("button", { name: "All parts on this page are right" }).click();
  await expect(page.getByText("noted as checked")).toBeVisible();
  await page.goto(`${PASHTO}?only=work`);
  await expect(page.getByText("Everything is translated and checked.")).toBeVisible();
});

test("only what needs work stays chosen when it is saved, and what has changed in the original shows", async ({
  page,
}) => {
  await openDesk(page, "owner", `/admin/${CAMPAIGN_SLUG}/text?file=en.md`);
  await page.locator("[name='part.title']").fill("Stop forcing people back to danger");
  await page.getByRole("button", { name: "Save the draft" }).click();
  await expect(page.getByText("The draft is saved.").first()).toBeVisible();
  await page.goto(PASHTO);
  await page.getByRole("link", { name: "Only what needs work" }).click();
  await expect(page).toHaveURL(`${PASHTO}?only=work`);
  await expect(page.locator("del").filter({ hasText: "Afghans" })).toBeVisible();
  await page.locator("[name='text.title']").fill("بل سرلیک");
  await page.getByRole("button", { name: "Save the draft" }).first().click();
  await expect(page.getByText("The translation is saved in the draft.")).toBeVisible();
  await expect(page).toHaveURL(`${PASHTO}?only=work`);
});

test("somebody with a link translates on a phone, without an account and without a script", async ({
  page,
  browser,
  javaScriptEnabled,
}) => {
  await openDesk(page, "owner", PASHTO);
  await page.getByLabel("Name of the translator").fill("Zarghuna");
  await page.getByRole("button", { name: "Make a link" }).click();
  const link = (await page.locator(".secret").textContent()) ?? "";
  const context = await browser.newContext({ viewport: PHONE });
  const phone = await context.newPage();
  await phone.goto(new URL(link).pathname);
  if (javaScriptEnabled) await expectNoViolations(phone);
  expect(await phone.locator("script").count()).toBe(0);
  expect(await phone.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(PHONE.width);
  await phone.locator("[name='text.title']").fill("د زرغونې سرلیک");
  await phone.getByRole("button", { name: "Save the translation" }).first().click();
  await expect(phone.getByRole("status")).toContainText("Your translation is saved");
  // Without a script, a reload would send the form again and make another link.
  await page.goto(PASHTO);
  await expect(page.locator("[name='text.title']")).toHaveValue("د زرغونې سرلیک");
  await page.getByRole("button", { name: "Revoke" }).first().click();
  await expect(page.getByText("The link is revoked.")).toBeVisible();
  expect((await phone.goto(new URL(link).pathname))?.status()).toBe(404);
  await context.close();
});
