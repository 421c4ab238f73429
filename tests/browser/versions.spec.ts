import { expect, type Page, test } from "@playwright/test";
import { expectNoViolations } from "@/tests/support/accessibility";
import { openDesk } from "@/tests/support/admin";

/** Presses a button that asks first, and answers yes. */
async function confirmed(page: Page, button: string, question: string, answer: string): Promise<void> {
  await page.getByRole("button", { name: button, exact: true }).click();
  await expect(page.getByRole("heading", { name: question })).toBeVisible();
  await page.getByRole("button", { name: answer, exact: true }).last().click();
}

test("a campaign goes from new to published, changed and won", async ({
  page,
  request,
  javaScriptEnabled,
}) => {
  // It is long, and looks at four pages as a checker of accessibility does: once is enough for those.
  test.setTimeout(360_000);
  const expectAccessible = async () => {
    if (javaScriptEnabled !== false) await expectNoViolations(page);
  };
  const title = `Wells for ${crypto.randomUUID().slice(0, 8)}`;
  const slug = title.toLowerCase().replaceAll(" ", "-");
  const desk = `/admin/${slug}`;

  await test.step("new: a title is enough, and an address that is taken is refused beside its field", async () => {
    await openDesk(page, "owner", "/admin");
    await page.getByLabel("Title of the page").fill(title);
    await page.getByLabel("Address", { exact: true }).fill("settings");
    await page.getByRole("button", { name: "Make the campaign" }).click();
    await expect(page.getByText("is used by the site itself").first()).toBeVisible();
    await expect(page.getByLabel("Title of the page")).toHaveValue(title);
    await page.getByLabel("Address", { exact: true }).fill("");
    await page.getByRole("button", { name: "Make the campaign" }).click();
    await expect(page).toHaveURL(desk);
    await expect(page.getByRole("heading", { name: title })).toBeVisible();
    await expectAccessible();
    expect((await request.get(`/en/${slug}`)).status()).toBe(404);
  });

  await test.step("published: after a question, and visible at once", async () => {
    await page.goto(`${desk}/signatories`);
    await expect(page.getByRole("heading", { name: "Not published yet" })).toBeVisible();
    await page.goto(`${desk}/versions`);
    await expectAccessible();
    await confirmed(page, "Publish it now", "Publish the draft?", "Publish it");
    await expect(page.getByRole("rowheader", { name: "1 (published now)" })).toBeVisible();
    expect(await (await request.get(`/en/${slug}`)).text()).toContain(title);
  });

  await test.step("changed: the difference shows by words, and the new text replaces the old", async () => {
    await page.goto(`${desk}/text?file=en.md`);
    await page.locator("[name='part.call.demand']").fill("Dig wells this year.");
    await page.getByRole("button", { name: "Save the draft" }).click();
    await expect(page.getByText("The draft is saved.").first()).toBeVisible();
    await page.goto(`${desk}/versions/draft`);
    await expect(page.locator("ins").filter({ hasText: "year" })).toBeVisible();
    await expectAccessible();
    await page.goto(`${desk}/versions`);
    await page.getByLabel("What has changed").fill("By when");
    await confirmed(page, "Publish it now", "Publish the draft?", "Publish it");
    await expect(page.getByRole("rowheader", { name: "2 (published now)" })).toBeVisible();
    expect(await (await request.get(`/en/${slug}`)).text()).toContain("Dig wells this year.");
    await confirmed(page, "Publish this one again", "Publish this version again?", "Publish it again");
    await expect(page.getByRole("rowheader", { name: "3 (published now)" })).toBeVisible();
  });

  await test.step("won: closed with what happened, which the page says", async () => {
    await page.goto(`${desk}/settings`);
    await page.getByLabel("What it reached").selectOption("won");
    await page.getByLabel("What happened, in English").fill("The ministry dug them.[^K1]");
    await confirmed(page, "Close the campaign", "Close the campaign?", "Close the campaign");
    await expect(page.getByRole("heading", { name: "The campaign is closed" })).toBeVisible();
    const shown = await (await request.get(`/en/${slug}`)).text();
    expect([shown.includes("The ministry dug them."), shown.includes("Won")]).toEqual([true, true]);
    await page.goto(`${desk}/settings`);
    await expectAccessible();
    await page.getByRole("button", { name: "Archive it" }).click();
    await expect(page.getByText("The campaign is archived").first()).toBeVisible();
    await page.goto("/admin");
    await expect(page.getByRole("group").filter({ hasText: "Archived campaigns" })).toBeVisible();
  });
});
