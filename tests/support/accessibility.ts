import AxeBuilder from "@axe-core/playwright";
import { expect, type Page } from "@playwright/test";

type Axe = { run(options: object): Promise<{ violations: unknown[] }> };

const COLOUR_RULES = { runOnly: { type: "rule", values: ["color-contrast", "link-in-text-block"] } };

/** Expects axe to find nothing on a page: by all its rules in light, and in dark by those on colour, all that dark changes. */
export async function expectNoViolations(page: Page): Promise<void> {
  await page.emulateMedia({ colorScheme: "light" });
  // No page has frames of another origin, for which the newer mode opens a second page each time.
  const light = await new AxeBuilder({ page }).setLegacyMode().analyze();
  expect(light.violations).toEqual([]);
  await page.emulateMedia({ colorScheme: "dark" });
  // The first run has left axe in the page.
  const violations = await page.evaluate(async (options) => {
    const { axe } = window as unknown as { axe: Axe };
    return (await axe.run(options)).violations;
  }, COLOUR_RULES);
  expect(violations).toEqual([]);
}
