import { expect, test } from "@playwright/test";
import {
  CAMPAIGN,
  confirmedCount,
  confirmPathIn,
  mailTo,
  PETITION,
  signAs,
  someone,
} from "@/tests/support/browser";

test("lets a reader sign, open the mail, confirm and see the count rise", async ({ page, request }) => {
  const zarghuna = someone("Zarghuna Kargar");
  const before = await confirmedCount(request);
  await signAs(page, zarghuna);
  await expect(page).toHaveURL(`${CAMPAIGN}/thanks`);
  expect(page.url()).not.toContain("example.org");

  const mail = await mailTo(request, zarghuna.email);
  expect(mail.headers["List-Unsubscribe-Post"]).toBe("List-Unsubscribe=One-Click");
  await page.goto(confirmPathIn(mail));
  expect(await confirmedCount(request)).toBe(before);

  await page.locator("form[action='/api/confirm'] button").first().click();
  await expect(page).toHaveURL(`${CAMPAIGN}/thanks?confirmed`);
  expect(await confirmedCount(request)).toBe(before + 1);
  await page.goto(CAMPAIGN);
  await expect(page.locator("body")).toContainText(new Intl.NumberFormat("en").format(before + 1));

  await page.goto(confirmPathIn(mail));
  await page.locator("form[action='/api/confirm'] button").first().click();
  await expect(page).toHaveURL(`${CAMPAIGN}/thanks?confirmed`);
  expect(await confirmedCount(request)).toBe(before + 1);
});

test("changes nothing when the link is opened fifty times", async ({ request }) => {
  const laila = someone("Laila Haidari");
  const before = await confirmedCount(request);
  const form = { ...laila, country: "PK", consent: "yes", locale: "en" };
  await request.post(`${PETITION}/signatures`, { data: form });
  const path = confirmPathIn(await mailTo(request, laila.email));
  for (let visit = 0; visit < 25; visit++) {
    expect((await request.get(path)).status()).toBe(200);
    expect((await request.head(path)).status()).toBe(200);
  }
  expect(await confirmedCount(request)).toBe(before);
});

test("deletes the signature after 'this was not me'", async ({ page, request }) => {
  const nadia = someone("Nadia Anjuman");
  await signAs(page, nadia);
  const path = confirmPathIn(await mailTo(request, nadia.email));
  await page.goto(path);
  await page
    .locator("form:has([name=action][value=delete]) button, button[name=action][value=delete]")
    .click();
  await expect(page.locator("h1")).toBeVisible();
  await page.goto(path);
  await page.locator("form[action='/api/confirm'] button").first().click();
  await expect(page.locator("h1")).toBeVisible();
  expect(new URL(page.url()).pathname).toBe("/api/confirm");
});

test("answers an unknown confirmation link with 410 and a way to a new mail", async ({ page }) => {
  await page.goto(`/en/confirm/${"A".repeat(43)}`);
  const [answer] = await Promise.all([
    page.waitForResponse((response) => response.url().endsWith("/api/confirm")),
    page.locator("form[action='/api/confirm'] button").first().click(),
  ]);
  expect(answer.status()).toBe(410);
  await expect(page.locator(`main a[href^="${CAMPAIGN}"]`).first()).toBeVisible();
});

test("unsubscribes with one post, repeatedly, without redirect or cookie", async ({ request }) => {
  const soraya = someone("Soraya Tarzi");
  await request.post(`${PETITION}/signatures`, {
    data: { ...soraya, country: "AF", consent: "yes", locale: "en" },
  });
  const mail = await mailTo(request, soraya.email);
  const url = /<(.+)>/.exec(mail.headers["List-Unsubscribe"] ?? "")?.[1] ?? "";
  for (let time = 0; time < 2; time++) {
    const answer = await request.post(new URL(url).pathname, {
      form: { "List-Unsubscribe": "One-Click" },
      maxRedirects: 0,
    });
    expect(answer.status()).toBe(200);
    expect(answer.headers()["set-cookie"]).toBeUndefined();
  }
});

test("stops mail and allows it again on the unsubscribe page, which looks the same before and after", async ({
  page,
  request,
}) => {
  const soraya = someone("Soraya Tarzi");
  await request.post(`${PETITION}/signatures`, {
    data: { ...soraya, country: "AF", consent: "yes", locale: "en" },
  });
  const mail = await mailTo(request, soraya.email);
  const { pathname } = new URL(/<(.+)>/.exec(mail.headers["List-Unsubscribe"] ?? "")?.[1] ?? "");
  for (const [button, answer] of [
    ["Stop all emails", "No more emails"],
    ["Allow emails again", "Emails are allowed again"],
    ["Stop all emails", "No more emails"],
  ] as const) {
    await page.goto(pathname);
    await expect(page.locator("h1")).toHaveText("Stop our emails?");
    await page.getByRole("button", { name: button }).click();
    await expect(page.locator("h1")).toHaveText(answer);
  }
});

test.describe("the form", () => {
  test("shows each mistake at its field, keeps what was typed, and links the summary to the fields", async ({
    page,
    javaScriptEnabled,
  }) => {
    test.skip(
      javaScriptEnabled !== false,
      "with JavaScript the browser says it, without the server's answer",
    );
    await page.goto(CAMPAIGN);
    await page.locator("[name=name]").fill("evil.de");
    await page.locator("[name=email]").fill("not-an-address");
    await page.locator("[name=publicName]").check();
    const [answer] = await Promise.all([
      page.waitForResponse((response) => response.url().endsWith("/signatures")),
      page.locator("form[action$='/signatures'] button[type=submit]").click(),
    ]);
    expect(answer.status()).toBe(422);
    await expect(page.locator("[name=name]")).toHaveValue("evil.de");
    await expect(page.locator("[name=email]")).toHaveValue("not-an-address");
    await expect(page.locator("[name=publicName]")).toBeChecked();
    await expect(page.locator("[name=consent]")).not.toBeChecked();
    for (const field of ["name", "email", "country", "consent"]) {
      const control = page.locator(`form [name=${field}]`);
      await expect(control).toHaveAttribute("aria-invalid", "true");
      const id = await control.getAttribute("id");
      await expect(page.locator(`#errors a[href="#${id}"]`)).toBeVisible();
      const described = (await control.getAttribute("aria-describedby"))?.split(" ") ?? [];
      expect(described.length).toBeGreaterThan(0);
      for (const part of described) await expect(page.locator(`#${part}`)).toBeVisible();
    }
  });

  for (const [field, value, wrong] of [
    ["name", "www.spam.example", /name/i],
    ["email", "zarghuna@", /address|email/i],
    ["country", "", /country/i],
    ["consent", "", /agree|consent|tick/i],
  ] as const) {
    test(`refuses a wrong ${field} alone, and accepts the corrected form`, async ({ page }) => {
      const signer = someone("Malalai Joya");
      const good = { name: signer.name, email: signer.email, country: "AF", consent: "yes" };
      await page.goto(CAMPAIGN);
      await fill(page, { ...good, [field]: value });
      await expect(page.locator("#errors li")).toHaveCount(1);
      await expect(page.locator("#errors li")).toContainText(wrong);
      await fill(page, good);
      await expect(page).toHaveURL(`${CAMPAIGN}/thanks`);
    });
  }

  async function fill(page: import("@playwright/test").Page, form: Record<string, string>): Promise<void> {
    await page.locator("[name=name]").fill(form.name ?? "");
    await page.locator("[name=email]").fill(form.email ?? "");
    await page.locator("select[name=country]").selectOption(form.country ?? "");
    await page.locator("[name=consent]").setChecked(form.consent === "yes");
    await page.locator("form[action$='/signatures'] button[type=submit]").click();
  }
});
