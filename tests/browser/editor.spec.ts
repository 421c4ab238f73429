import { type Browser, expect, type Page, test } from "@playwright/test";
import { expectNoViolations } from "@/tests/support/accessibility";
import { openDesk } from "@/tests/support/admin";
import { CAMPAIGN_SLUG } from "@/tests/support/campaign";
import { rows } from "@/tests/support/database-rows";

const TEXT = `/admin/${CAMPAIGN_SLUG}/text`;
const whole = (locale: string) => `${TEXT}?file=${locale}.md&as=text`;
const UNFOUNDED = "An unfounded statement.";

test.beforeEach(async () => {
  await rows("DELETE FROM campaign_version WHERE state IN ('draft', 'in_review', 'scheduled')");
});

/** The field that the text is written in: an editor with JavaScript, a text area without. */
async function fieldOf(page: Page, language: string) {
  const field = page.getByRole("textbox", { name: `The text in ${language}` });
  await expect(field).toBeVisible();
  return field;
}

/** Waits for the editor to take the place of the text area. */
async function editorOf(page: Page, language = "English") {
  await expect(page.locator(".cm-content")).toBeVisible();
  return fieldOf(page, language);
}

async function writeAtEnd(page: Page, text: string): Promise<void> {
  await page.locator(".cm-content").click();
  await page.keyboard.press("Control+End");
  await page.keyboard.insertText(text);
}

/** Writes another title into the third line of the text. */
async function retitle(page: Page, title: string): Promise<void> {
  await page.locator(".cm-line", { hasText: /^title:/ }).click();
  await page.keyboard.press("Home");
  await page.keyboard.press("Shift+End");
  await page.keyboard.insertText(`title: ${title}`);
}

const draftOf = async (path: string): Promise<string> => {
  const [found] = await rows<{ text: string }>(
    `SELECT text FROM campaign_file JOIN campaign_version ON id = version_id WHERE state = 'draft' AND path = '${path}'`,
  );
  return found?.text ?? "";
};

/** Opens a page as the same person in another window, with JavaScript. */
async function another(browser: Browser, wanted: string): Promise<Page> {
  const page = await (await browser.newContext({ javaScriptEnabled: true })).newPage();
  await openDesk(page, "owner", wanted);
  return page;
}

test("a text is written, its problems are told by line, and its page is previewed", async ({
  page,
  javaScriptEnabled,
}) => {
  await openDesk(page, "owner", whole("en"));
  if (javaScriptEnabled === false) {
    const field = await fieldOf(page, "English");
    await field.fill(`${await field.inputValue()}\n${UNFOUNDED}\n`);
    await page.getByRole("button", { name: "Save the draft" }).click();
    await expect(page.getByRole("status").filter({ hasText: "1 problem is left" })).toBeVisible();
    const link = page.getByRole("link", { name: /^Line \d+$/ });
    await link.click();
    await expect(page.locator(":target")).toContainText(UNFOUNDED);
    await expect(field).toHaveValue(new RegExp(UNFOUNDED));
    await field.fill((await field.inputValue()).replace(UNFOUNDED, ""));
  } else {
    await editorOf(page);
    await writeAtEnd(page, `\n${UNFOUNDED}\n`);
    await expect(page.getByText(/^Saved at \d\d:\d\d\.$/)).toBeVisible();
    await expect(page.locator(".cm-lint-marker-error")).toBeVisible();
    expect(await draftOf("en.md")).toContain(UNFOUNDED);
    await page.keyboard.press("Control+Home");
    await page.getByRole("link", { name: /^Line \d+$/ }).click();
    await expect(page.locator(".cm-content")).toBeFocused();
    await page.keyboard.press("Shift+End");
    await page.keyboard.press("Delete");
    await expect(page.getByText("No problems in this file")).toBeVisible();
  }
  await page.getByRole("button", { name: "Save and preview" }).click();
  await expect(page).toHaveURL(new RegExp(`/admin/${CAMPAIGN_SLUG}/preview/en(?:#.*)?$`));
  await expect(page.getByRole("heading", { level: 1 })).toContainText("Stop forcing Afghans");
});

test("a text is written part by part", async ({ page, javaScriptEnabled }) => {
  await openDesk(page, "owner", `${TEXT}?file=ur.md`);
  const title = page.getByRole("textbox", { name: "Title", exact: true });
  await expect(title).toHaveAttribute("dir", "rtl");
  await title.fill("نیا عنوان");
  if (javaScriptEnabled) await expect(page.getByText(/^Saved at/)).toBeVisible();
  await page.getByRole("textbox", { name: "The demand", exact: true }).fill("ایک\n\nدو");
  await page.getByRole("button", { name: "Save the draft" }).click();
  await expect(page.getByRole("alert").filter({ hasText: "one paragraph" })).toBeVisible();
  await expect(title).toHaveValue("نیا عنوان");
  await page.getByRole("textbox", { name: "The demand", exact: true }).fill("ایک");
  await page.getByRole("button", { name: "Save and preview" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("نیا عنوان");
});

test("two people write at once: what they write is merged, and neither loses a line", async ({
  page,
  browser,
  javaScriptEnabled,
}) => {
  test.skip(javaScriptEnabled === false, "without a script the form merges: tests/database/editor.test.ts");
  await openDesk(page, "owner", whole("en"));
  await editorOf(page);
  const other = await another(browser, whole("en"));
  await editorOf(other);
  await retitle(page, "Theirs");
  await expect(page.getByText(/^Saved at/)).toBeVisible();
  await writeAtEnd(other, "\nMore of it.[^K11]\n");
  await expect(other.getByText(/^Saved at/)).toBeVisible();
  await other.keyboard.press("Control+Home");
  await expect(other.locator(".cm-line", { hasText: /^title:/ })).toHaveText("title: Theirs");
  expect(await draftOf("en.md")).toMatch(/^title: Theirs$[\s\S]*^More of it\.\[\^K11\]$/m);
  await other.context().close();
});

test("two people change the same line: both versions are shown, and one is kept", async ({
  page,
  browser,
  javaScriptEnabled,
}) => {
  await openDesk(page, "owner", whole("en"));
  if (javaScriptEnabled === false) {
    const field = await fieldOf(page, "English");
    const text = await field.inputValue();
    const other = await another(browser, whole("en"));
    await retitle(other, "Theirs");
    await expect(other.getByText(/^Saved at/)).toBeVisible();
    await other.context().close();
    await field.fill(text.replace(/^title: .*$/m, "title: Mine"));
    await page.getByRole("button", { name: "Save the draft" }).click();
  } else {
    await editorOf(page);
    const other = await another(browser, whole("en"));
    await editorOf(other);
    await retitle(other, "Theirs");
    await expect(other.getByText(/^Saved at/)).toBeVisible();
    await other.context().close();
    await retitle(page, "Mine");
    await page.getByRole("button", { name: "Show both versions" }).click();
  }
  await expect(page.getByRole("heading", { name: "Somebody else has changed the same lines" })).toBeVisible();
  await expect(page.locator("del").first()).toContainText("Theirs");
  await expect(page.locator("ins").first()).toContainText("Mine");
  if (javaScriptEnabled) await expectNoViolations(page);
  await page.getByRole("button", { name: "Keep mine" }).click();
  await expect.poll(() => draftOf("en.md")).toContain("title: Mine");
});

test("what is written while the session ends is there again after the sign-in", async ({
  page,
  javaScriptEnabled,
}) => {
  await openDesk(page, "owner", whole("en"));
  const typed = `Written late ${crypto.randomUUID()}.[^K11]`;
  const end = () => rows("UPDATE admin_session SET last_seen_at = now() - interval '31 minutes'");
  if (javaScriptEnabled === false) {
    const field = await fieldOf(page, "English");
    await field.fill(`${await field.inputValue()}\n${typed}\n`);
    await end();
    await page.getByRole("button", { name: "Save the draft" }).click();
  } else {
    await editorOf(page);
    await end();
    await writeAtEnd(page, `\n${typed}\n`);
  }
  await expect(page).toHaveURL(/\/admin\/sign-in\?/);
  const wanted = new URL(page.url()).searchParams.get("callbackUrl") ?? "";
  expect(wanted).toBe(whole("en"));
  await openDesk(page, "owner", wanted);
  await expect(page.getByText("We kept what you typed")).toBeVisible();
  await expect(page.locator("textarea[name=text]")).toHaveValue(
    new RegExp(typed.replace(/[.[\]^]/g, "\\$&")),
  );
  await page.getByRole("button", { name: "Save the draft" }).click();
  await expect.poll(() => draftOf("en.md")).toContain(typed);
});

test("the editor is reached and left by keyboard, and a source is put at the cursor", async ({
  page,
  javaScriptEnabled,
}) => {
  test.skip(javaScriptEnabled === false, "without a script it is a text area");
  await openDesk(page, "owner", whole("en"));
  await editorOf(page);
  await page.locator(".cm-content").focus();
  await page.keyboard.press("Tab");
  await expect(page.locator(".cm-content")).not.toBeFocused();
  await writeAtEnd(page, "\nIt goes on.");
  await page.getByLabel("Source").selectOption("[^K11]");
  await page.getByRole("button", { name: "Insert source" }).click();
  await expect(page.locator(".cm-line").last()).toContainText("It goes on.[^K11]");
  await page.keyboard.press("Control+s");
  await expect(page.getByRole("status").filter({ hasText: "The draft is saved" })).toBeVisible();
  expect(await draftOf("en.md")).toContain("It goes on.[^K11]");
  await page.getByRole("button", { name: "Question" }).click();
  await expect(page.getByText(/^Saved at/)).toBeVisible();
  expect(await draftOf("en.md")).toContain(':::question{title="A question?"}');
});

test("without a connection nothing is lost, and the page says so", async ({
  page,
  context,
  javaScriptEnabled,
}) => {
  test.skip(javaScriptEnabled === false, "a script saves");
  await openDesk(page, "owner", whole("en"));
  await editorOf(page);
  await context.setOffline(true);
  await writeAtEnd(page, "\nWritten offline.[^K11]\n");
  await expect(page.getByText("No connection to the desk")).toBeVisible();
  await context.setOffline(false);
  await expect(page.getByText(/^Saved at/)).toBeVisible();
  expect(await draftOf("en.md")).toContain("Written offline.");
});

test("the preview is shown as on a phone and on a wide screen, under the page's policy", async ({
  page,
  javaScriptEnabled,
}) => {
  test.skip(javaScriptEnabled === false, "frames are shown by a script");
  const refused: string[] = [];
  page.on("console", (message) => {
    if (/content security policy/i.test(message.text())) refused.push(message.text());
  });
  await openDesk(page, "owner", whole("ur"));
  await editorOf(page, "اردو");
  await page.getByRole("button", { name: "Show it here" }).click();
  for (const name of ["On a phone, in اردو", "On a wide screen, in اردو"])
    await expect(
      page.frameLocator(`iframe[title="${name}"]`).getByRole("heading", { level: 1 }),
    ).toBeVisible();
  expect(refused).toEqual([]);
});

test("the editor's pages: axe finds nothing", async ({ page, javaScriptEnabled }) => {
  test.skip(javaScriptEnabled === false, "axe is a script");
  for (const [wanted, ready] of [
    [`${TEXT}?file=fa-AF.md`, "textarea"],
    [whole("ps"), ".cm-content"],
    [`${TEXT}?file=campaign.yaml`, "[name=goal]"],
    [`${TEXT}?file=campaign.yaml&as=text`, ".cm-content"],
    [`${TEXT}?file=sources.yaml`, "[name=key]"],
  ] as const) {
    await openDesk(page, "owner", wanted);
    await expect(page.locator(ready).first()).toBeVisible();
    await expectNoViolations(page);
  }
});
