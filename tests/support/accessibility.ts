import AxeBuilder from "@axe-core/playwright";
import { expect, type Page } from "@playwright/test";

/** Expects axe to find nothing on a page: by all its rules in light, and in dark by those on colour, all that dark changes. */
export async function expectNoViolations(page: Page): Promise<void> {
  await page.emulateMedia({ colorScheme: "light" });
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
  await page.emulateMedia({ colorScheme: "dark" });
  expect(
    (await new AxeBuilder({ page }).withRules(["color-contrast", "link-in-text-block"]).analyze()).violations,
  ).toEqual([]);
}
