import { expect, test } from "@playwright/test";
import { expectNoViolations } from "@/tests/support/accessibility";
import { adminCommand, enrolled, openDesk, PASSWORD, signInAs } from "@/tests/support/admin";
import { CAMPAIGN, confirmPathIn, mailTo, PETITION, someone } from "@/tests/support/browser";
import { CAMPAIGN_SLUG } from "@/tests/support/campaign";
import { codeOf, freshCode, nextCode } from "@/tests/support/codes";
import { rows } from "@/tests/support/database-rows";

const DESK = `/admin/${CAMPAIGN_SLUG}`;

/** What an owner sees of the desk, each page without anything on it that was asked for. */
const PAGES = [
  "/admin",
  DESK,
  ...[
    "versions",
    "versions/1",
    "sharing",
    "signatories",
    "review",
    "invalidations",
    "exports",
    "paper",
    "news",
    "limits",
    "settings",
  ].map((page) => `${DESK}/${page}`),
  "/admin/settings/team",
  "/admin/settings/audit",
  "/admin/settings/account",
];

test("lets an administrator enrol by link, sign in with password and code, see the desk and sign out", async ({
  page,
}) => {
  test.setTimeout(60_000); // the code after the one that was used to enrol takes half a minute
  const owner = await enrolled(page, "owner");
  const code = await nextCode(owner.secret);
  await signInAs(page, { ...owner, recoveryCodes: [code] }, "/admin/settings/audit?actor=nobody");
  await expect(page).toHaveURL("/admin/settings/audit?actor=nobody");
  await page.goto("/admin");
  await page.getByRole("table").getByRole("link").first().click();
  await expect(page.getByRole("heading", { name: "Over time" })).toBeVisible();
  const [cookie] = (await page.context().cookies()).filter(({ name }) => name === "admin.session-token");
  expect(cookie).toMatchObject({ httpOnly: true, sameSite: "Lax", path: "/" });
  await page.getByRole("button", { name: /^Sign out/ }).click();
  await expect(page).toHaveURL("/admin/sign-in");
  await page.goto("/admin");
  await expect(page).toHaveURL(/\/admin\/sign-in\?/);
});

test("voids a session cookie once the session is ended elsewhere", async ({ page, request }) => {
  const owner = await enrolled(page, "owner");
  await signInAs(page, owner);
  const cookie = (await page.context().cookies()).map(({ name, value }) => `${name}=${value}`).join("; ");
  await page.getByRole("button", { name: /^Sign out/ }).click();
  const answer = await request.get("/api/admin/session", { headers: { cookie, accept: "application/json" } });
  expect(answer.status()).toBe(401);
});

test("accepts an enrolment link once, and shows a weak password or wrong code beside its field", async ({
  page,
}) => {
  const link = await adminCommand("add", `laila.${crypto.randomUUID()}@example.org`, "--role", "viewer");
  await page.goto(link);
  const secret = (await page.locator("#totp-secret").textContent()) ?? "";
  await page.locator("[name=password]").fill("short");
  await page.locator("[name=code]").fill("000000");
  await page.locator("button[type=submit]").click();
  await expect(page.locator("#password-error")).toContainText("12 characters");
  await expect(page.locator("#code-error")).toBeVisible();
  expect(await page.locator("#totp-secret").textContent()).toBe(secret);
  await page.locator("[name=password]").fill(PASSWORD);
  await page.locator("[name=code]").fill(await freshCode(secret));
  await page.locator("button[type=submit]").click();
  await expect(page.locator("#recovery-codes li")).toHaveCount(10);
  const again = await page.goto(link);
  expect(again?.status()).toBe(410);
});

test("refuses a wrong password, a wrong code and an unknown address in the same words", async ({ page }) => {
  const viewer = await enrolled(page, "viewer");
  const attempts = [
    { email: viewer.email, password: "not the password", code: codeOf(viewer.secret) },
    { email: viewer.email, password: PASSWORD, code: "000000" },
    { email: "nobody@example.org", password: PASSWORD, code: "123456" },
  ];
  const answers: string[] = [];
  for (const attempt of attempts) {
    await page.goto("/admin/sign-in");
    for (const [name, value] of Object.entries(attempt)) await page.locator(`[name=${name}]`).fill(value);
    await page.locator("main button[type=submit]").click();
    answers.push((await page.locator("#errors").textContent()) ?? "");
    expect(page.url()).not.toContain(viewer.email);
  }
  expect(new Set(answers).size).toBe(1);
});

test("accepts a recovery code in place of the authenticator, once", async ({ page }) => {
  const viewer = await enrolled(page, "viewer");
  const [code = ""] = viewer.recoveryCodes;
  // The list of campaigns, or the only one.
  for (const expected of [new RegExp(`(?:${DESK}|/admin)$`), /\/admin\/sign-in\?/]) {
    await page.goto("/admin/sign-in");
    await page.locator("[name=email]").fill(viewer.email);
    await page.locator("[name=password]").fill(PASSWORD);
    await page.locator("[name=code]").fill(code);
    await page.locator("main button[type=submit]").click();
    await expect(page).toHaveURL(expected);
    await page.context().clearCookies();
  }
});

test("resets a lost password against a code, and a lost device against the password", async ({ page }) => {
  test.slow();
  const viewer = await enrolled(page, "viewer");
  const [first = "", second = "", third = ""] = viewer.recoveryCodes;
  await page.goto(await adminCommand("reset", viewer.email));
  await expect(page.locator("#totp-secret")).toHaveCount(0);
  for (const code of ["000000", first]) {
    await page.locator("[name=password]").fill("other words of some kind");
    await page.locator("[name=code]").fill(code);
    await page.getByRole("button", { name: "Set a new password" }).click();
    if (code !== first) await expect(page.locator("#code-error")).toBeVisible();
  }
  await expect(page.getByRole("heading", { name: "Your new password is set" })).toBeVisible();
  await signInAs(page, { ...viewer, recoveryCodes: [second] });
  await expect(page).toHaveURL(/error=/);

  await page.goto(await adminCommand("reset", viewer.email, "--authenticator"));
  const secret = (await page.locator("#totp-secret").textContent()) ?? "";
  for (const password of [PASSWORD, "other words of some kind"]) {
    await page.locator("[name=password]").fill(password);
    await page.locator("[name=code]").fill(await freshCode(secret));
    await page.getByRole("button", { name: "Set up a new authenticator" }).click();
    if (password === PASSWORD) await expect(page.locator("#password-error")).toBeVisible();
  }
  await expect(page.locator("#recovery-codes li")).toHaveCount(10);
  await expect(page.getByText(third)).toHaveCount(0);
});

test("lets everybody change their password and end their other sessions", async ({ page, browser }) => {
  test.slow();
  const viewer = await enrolled(page, "viewer");
  await signInAs(page, viewer, "/admin/settings/account");
  const elsewhere = await (await browser.newContext()).newPage();
  await signInAs(elsewhere, viewer, `${new URL(page.url()).origin}${DESK}`);
  await expect(elsewhere.getByRole("heading", { name: "Over time" })).toBeVisible();
  await page.goto("/admin/settings/account");
  await expect(page.locator("tbody tr")).toHaveCount(2);
  await expect(page.locator("tbody")).toContainText("this one");
  await page.getByRole("button", { name: "End", exact: true }).click();
  await expect(page.locator("tbody tr")).toHaveCount(1);
  await elsewhere.goto(page.url());
  await expect(elsewhere).toHaveURL(/\/admin\/sign-in\?/);
  await elsewhere.context().close();

  for (const present of ["not the present one", PASSWORD]) {
    await page.locator("[name=present]").fill(present);
    await page.locator("[name=password]").fill("other words of some kind");
    await page.locator("main [name=code]").fill(viewer.recoveryCodes[0] ?? "");
    await page.getByRole("button", { name: "Change password" }).click();
    if (present !== PASSWORD)
      await expect(page.getByLabel("Current password")).toHaveAccessibleDescription(/not accepted/);
  }
  const form = page.getByRole("form", { name: "Change your password" });
  await expect(form.getByRole("status")).toContainText("Your password has been changed");
  await page.goto(DESK);
  await expect(page.getByRole("heading", { name: "Over time" })).toBeVisible();
});

test("leaves the page once its session has ended", async ({ page, javaScriptEnabled }) => {
  const owner = await enrolled(page, "owner");
  if (javaScriptEnabled === false) {
    await signInAs(page, owner, `${DESK}/signatories`);
    await expect(page.locator("meta[http-equiv=refresh]")).toHaveAttribute(
      "content",
      "1800;url=/admin/sign-in",
    );
    return;
  }
  await page.clock.install();
  await signInAs(page, owner, `${DESK}/signatories`);
  await expect(page.getByRole("button", { name: "Search" })).toBeVisible();
  await page.clock.runFor(20_000);
  await expect(page).toHaveURL(`${DESK}/signatories`);
  await adminCommand("reset", owner.email);
  await expect
    .poll(async () => {
      await page.clock.runFor(16_000);
      return page.url();
    })
    .toContain(`/admin/sign-in?callbackUrl=${encodeURIComponent(`${DESK}/signatories`)}`);
});

test("shows a viewer figures, but no names and no access settings", async ({ page }) => {
  await openDesk(page, "viewer");
  await expect(page.getByRole("link", { name: "Signatories" })).toHaveCount(0);
  for (const path of [`${DESK}/signatories`, "/admin/settings/team"]) {
    expect((await page.goto(path))?.status()).toBe(403);
  }
});

test("lets an owner invite, make a token that works at once, and revoke it", async ({ page, request }) => {
  await openDesk(page, "owner", "/admin/settings/team");
  const name = `nightly-${crypto.randomUUID().slice(0, 8)}`;
  const form = page.getByRole("form", { name: "Make an API token" });
  await form.getByLabel("Name").fill(name);
  await form.getByLabel("Role").selectOption("exporter");
  await form.getByRole("button").click();
  const token = (await page.locator(".secret").textContent()) ?? "";
  const asToken = { authorization: `Bearer ${token}`, accept: "application/json" };
  const sharing = `/api/admin/petitions/${CAMPAIGN_SLUG}/sharing`;
  expect((await request.get(sharing, { headers: asToken })).status()).toBe(200);
  expect((await request.get("/admin/settings/team", { headers: asToken })).status()).toBe(403);
  await page.locator(`tr:has-text("${name}") button`).click();
  await expect(page.locator(`tr:has-text("${name}") button`)).toHaveCount(0);
  expect((await request.get(sharing, { headers: asToken })).status()).toBe(401);
});

test("has no accessibility faults on the desk's pages, light or dark, and no policy violations", async ({
  page,
  javaScriptEnabled,
}) => {
  test.skip(javaScriptEnabled === false, "axe is a script");
  test.slow();
  await page.goto("/admin/sign-in");
  await expectNoViolations(page);
  await openDesk(page, "owner");
  const refused: string[] = [];
  page.on("console", (message) => {
    if (/Content Security Policy|Hydration|hydrat/i.test(message.text())) refused.push(message.text());
  });
  page.on("pageerror", (error) => refused.push(String(error)));
  await page.addInitScript(() =>
    document.addEventListener("securitypolicyviolation", ({ sourceFile, lineNumber, target }) =>
      console.log(
        "Content Security Policy:",
        location.pathname,
        sourceFile,
        lineNumber,
        (target as Element)?.outerHTML,
      ),
    ),
  );
  for (const path of PAGES) {
    await page.goto(path);
    await expectNoViolations(page);
  }
  expect(refused).toEqual([]);
});

// 320 px is what a screen of 1280 px leaves at 400 % (WCAG 2.2, 1.4.10).
test("never scrolls sideways on the desk's pages at 400 % zoom", async ({ page, javaScriptEnabled }) => {
  test.skip(javaScriptEnabled === false, "measured by a script");
  test.slow();
  await openDesk(page, "owner");
  await page.setViewportSize({ width: 320, height: 640 });
  for (const path of PAGES) {
    await page.goto(path);
    const excess = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    expect(excess, path).toBeLessThanOrEqual(0);
  }
});

test("finds a signatory by address and by name, mails them again and withdraws them", async ({
  page,
  request,
}) => {
  const signer = someone("Zarghuna Kargar");
  signer.name = `Zarghuna ${crypto.randomUUID().slice(0, 8)}`;
  await request.post(`${PETITION}/signatures`, {
    data: { ...signer, country: "AF", consent: "yes", locale: "ps" },
  });
  await request.post("/api/confirm", {
    form: {
      token:
        confirmPathIn(await mailTo(request, signer.email))
          .split("/")
          .at(-1) ?? "",
    },
  });
  await openDesk(page, "owner", `${DESK}/signatories`);
  for (const text of [signer.email, signer.name.toUpperCase()]) {
    await page.locator("[name=find]").fill(text);
    await page.getByRole("button", { name: "Search" }).click();
    await expect(page.locator("tbody tr")).toHaveCount(1);
    expect(page.url()).not.toContain("example.org");
  }
  await page.locator("tbody a").click();
  await expect(page.getByText(signer.email)).toBeVisible();
  await expect(page.locator("#history")).toContainText("confirmed");
  await page.getByRole("button", { name: "Withdraw" }).click();
  await expect(page.getByRole("heading", { name: "Withdraw 1 signature?" })).toBeVisible();
  await page.getByRole("button", { name: "Withdraw it" }).click();
  await expect(page).toHaveURL(/\/receipts\//);
  await page.reload();
  await expect(page.getByRole("heading", { name: "The signature is deleted" })).toBeVisible();
  await page.goto(CAMPAIGN);
  await page.goto(`${DESK}/signatories`);
  await page.locator("[name=find]").fill(signer.email);
  await page.getByRole("button", { name: "Search" }).click();
  await expect(page.locator("tbody tr")).toHaveCount(0);
  await expect(page.getByRole("heading", { name: "Nobody is found" })).toBeVisible();
  await expect(page.locator("[name=find]")).toHaveValue(signer.email);
});

test("marks chosen signatories invalid at once, lowers the page's count, and undoes it", async ({
  page,
  request,
}) => {
  const signer = { name: `Ghost ${crypto.randomUUID().slice(0, 8)}`, email: someone("Ghost").email };
  await request.post(`${PETITION}/signatures`, {
    data: { ...signer, country: "AF", consent: "yes", locale: "ps" },
  });
  const token =
    confirmPathIn(await mailTo(request, signer.email))
      .split("/")
      .at(-1) ?? "";
  await request.post("/api/confirm", { form: { token } });
  const count = async () => ((await (await request.get(PETITION)).json()) as { count: number }).count;
  await expect.poll(count).toBeGreaterThan(0);
  const before = await count();
  await openDesk(page, "owner", `${DESK}/signatories`);
  await page.locator("[name=find]").fill(signer.email);
  await page.getByRole("button", { name: "Search" }).click();
  // What is found replaces the list, and what was chosen on it.
  await expect(page.getByRole("link", { name: "Back to the list" })).toBeVisible();
  await page.getByLabel(`Choose ${signer.name}`).check();
  await page.getByRole("button", { name: "Mark invalid" }).click();
  await expect(page.getByRole("heading", { name: "1 signature marked invalid" })).toBeVisible();
  await expect.poll(count).toBe(before - 1);
  await page.getByRole("button", { name: "Take it back" }).click();
  await expect.poll(count).toBe(before);
});

test("explains an owner's mistakes, and shows saved news and sites to readers at once", async ({
  page,
  request,
}) => {
  const title = `News ${crypto.randomUUID().slice(0, 8)}`;
  await openDesk(page, "owner", `${DESK}/news`);
  await page.getByLabel("Title").first().fill(title);
  await page.getByLabel("Text").first().fill("Two families may stay.\n\nThousands may not.");
  await page.getByRole("button", { name: "Publish" }).click();
  await expect(page.getByRole("status")).toContainText("published");
  await expect.poll(async () => (await request.get(`${CAMPAIGN}/updates.atom`)).text()).toContain(title);

  await page.goto(`${DESK}/settings`);
  await page.getByLabel("Who may show the form").selectOption("listed");
  await page.getByLabel("Sites, one per line").fill("http://news.example");
  await page.getByRole("button", { name: "Save the sites" }).click();
  await expect(page.locator("main [role=alert]")).toContainText("it must begin with https://");
  await expect(page.getByLabel("Sites, one per line")).toHaveValue("http://news.example");
  await page.goto(`${DESK}/settings`);
  await expect(page.getByLabel("Who may show the form")).toHaveValue("any");

  await page.goto(`${DESK}/news`);
  await page.getByRole("article", { name: title }).getByRole("button", { name: "Delete" }).click();
  await expect(page.getByRole("heading", { name: "Delete 1 piece of news?" })).toBeVisible();
  await page.getByRole("button", { name: "Delete it" }).click();
  await expect(page.getByRole("heading", { name: "The news is deleted" })).toBeVisible();
  await page.goto(`${DESK}/news`);
  await expect(page.getByText(title)).toHaveCount(0);
});

test("restores what was typed when the session ended after the sign-in", async ({ page }) => {
  const owner = await enrolled(page, "owner");
  await signInAs(page, owner, `${DESK}/news?locale=ps`);
  await page.getByLabel("Title").fill("د سپارښتنې خبر");
  await page.getByLabel("Text").fill("Two families may stay.");
  await rows(
    `UPDATE admin_session SET last_seen_at = now() - interval '31 minutes'
     WHERE account_id = (SELECT id FROM admin_account WHERE email = $1)`,
    [owner.email],
  );
  await page.getByRole("button", { name: "Publish" }).click();
  await expect(page).toHaveURL(/\/admin\/sign-in\?/);
  await page.locator("[name=email]").fill(owner.email);
  await page.locator("[name=password]").fill(PASSWORD);
  await page.locator("[name=code]").fill(owner.recoveryCodes.shift() ?? "");
  await page.locator("main button[type=submit]").click();
  await expect(page).toHaveURL(`${DESK}/news?locale=ps`);
  await expect(page.getByLabel("Title")).toHaveValue("د سپارښتنې خبر");
  await expect(page.getByLabel("Text")).toHaveValue("Two families may stay.");
  await page.getByRole("button", { name: "Discard it" }).click();
  await expect(page.getByLabel("Title")).toHaveValue("");
});

test("shows both versions to the second of two owners who change one value at once", async ({
  page,
  browser,
}) => {
  await openDesk(page, "owner", `${DESK}/limits`);
  const field = page.getByLabel("From the campaign in a minute");
  const before = await field.inputValue();
  const context = await browser.newContext();
  const other = await context.newPage();
  await openDesk(other, "owner", page.url());
  await other.getByLabel("From the campaign in a minute").fill("5000");
  await other.getByRole("button", { name: "Save" }).click();
  await expect(other.getByRole("status")).toContainText("saved");
  await field.fill("4000");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.locator("main [role=alert]")).toContainText("somebody else has changed this to “5000”");
  await expect(field).toHaveValue("4000");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("status")).toContainText("saved");
  await field.fill(before);
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("status")).toContainText("saved");
  await context.close();
});

test("withdraws many at once, and undoes it", async ({ page, request }) => {
  const signer = { name: `Gone ${crypto.randomUUID().slice(0, 8)}`, email: someone("Gone").email };
  await request.post(`${PETITION}/signatures`, {
    data: { ...signer, country: "AF", consent: "yes", locale: "ps" },
  });
  await openDesk(page, "owner", `${DESK}/signatories`);
  const search = async () => {
    await page.locator("[name=find]").fill(signer.email);
    await page.getByRole("button", { name: "Search" }).click();
    // What is found replaces the list, and what was chosen on it.
    await expect(page.getByRole("link", { name: "Back to the list" })).toBeVisible();
  };
  await search();
  await page.getByLabel(`Choose ${signer.name}`).check();
  await page.getByRole("button", { name: "Withdraw" }).click();
  await page.getByRole("button", { name: "Withdraw them" }).click();
  await expect(page.getByRole("heading", { name: "1 signature withdrawn" })).toBeVisible();
  // Also found again by who has left that page, newest first.
  await page.goto(`${DESK}/signatories`);
  await page.getByRole("button", { name: "Take it back" }).first().click();
  await search();
  await expect(page.locator("tbody tr")).toHaveCount(1);
  await expect(page.locator("tbody tr")).toContainText("pending");
});

test("refreshes the desk's figures without a reload, except while they are in use", async ({
  page,
  javaScriptEnabled,
}) => {
  test.skip(javaScriptEnabled === false, "without a script the reader reloads");
  await page.clock.install();
  await openDesk(page, "owner", DESK);
  const time = page.locator("main time").first();
  await page.evaluate(() => Object.assign(window, { unreloaded: true }));
  // From here on nothing may change, however long the page took to open.
  await page.locator("main .scroll").first().focus();
  const first = await time.textContent();
  await page.clock.runFor(20_000);
  expect(await time.textContent()).toBe(first);
  await page.locator("nav a").first().focus();
  await expect
    .poll(async () => {
      await page.clock.runFor(16_000);
      return time.textContent();
    })
    .not.toBe(first);
  expect(await page.evaluate(() => "unreloaded" in window)).toBe(true);
});

test("checks the log's chain on request, and answers 401 to an invalid cookie", async ({ page, request }) => {
  await openDesk(page, "viewer", "/admin/settings/audit");
  await page.getByRole("button", { name: "Check the whole chain now" }).click();
  await expect(page.getByText("The chain is whole")).toBeVisible();
  const answer = await request.get("/api/admin/session", {
    headers: { cookie: "admin.session-token=%", accept: "application/json" },
  });
  expect(answer.status()).toBe(401);
});

test("asks to try again during too many sign-ins, without blaming the password", async ({
  page,
  request,
}) => {
  const form = await (await request.get("/admin/sign-in")).text();
  const csrfToken = /name="csrfToken" value="(\w+)"/.exec(form)?.[1] ?? "";
  const answers = await Promise.all(
    Array.from({ length: 12 }, () =>
      request.post("/api/auth/callback/credentials", {
        form: { csrfToken, email: "nobody@example.org", password: PASSWORD, code: "123456" },
        maxRedirects: 0,
      }),
    ),
  );
  const locations = new Set(answers.map((answer) => new URL(answer.headers().location ?? "").search));
  expect(locations).toContain("?error=too-many");
  await page.goto("/api/auth/error?error=unavailable");
  await expect(page).toHaveURL("/admin/sign-in?error=unavailable");
  await expect(page.locator("#errors")).toContainText("Nothing was wrong with what you typed");
  await page.goto("/api/auth/error?error=too-many");
  await expect(page.locator("#errors")).toContainText("try again in a minute");
});

test("gives an exporter the file for a reason and lists it, and gives a viewer none", async ({
  page,
  request,
  javaScriptEnabled,
}) => {
  await openDesk(page, "exporter", `${DESK}/exports`);
  const form = page.getByRole("form", { name: "Export" });
  await form.getByLabel("What the file is for").fill("Handing the petition over");
  const download = page.waitForEvent("download");
  await form.getByRole("button", { name: "Export", exact: true }).click();
  // With a script the download begins by itself.
  if (javaScriptEnabled === false) await page.getByRole("link", { name: "Download it" }).click();
  const file = await download;
  expect(file.suggestedFilename()).toMatch(new RegExp(`^${CAMPAIGN_SLUG}_confirmed_made-.+\\.csv$`));
  await file.path();
  // With a script the list tells by itself, though the button has the focus.
  if (javaScriptEnabled === false) await page.goto(`${DESK}/exports`);
  const latest = page.locator("tbody tr").first();
  await expect(latest).toContainText("finished");
  await expect(latest).toContainText("Handing the petition over");

  const address = `/api/admin/petitions/${CAMPAIGN_SLUG}/export?format=ndjson`;
  expect((await request.get(address)).status()).toBe(401);
  const viewing = await adminCommand(
    "token",
    "add",
    `viewing-${crypto.randomUUID().slice(0, 8)}`,
    "--role",
    "viewer",
  );
  const authorization = `Bearer ${viewing}`;
  expect((await request.get(address, { headers: { authorization } })).status()).toBe(403);
});
