import { afterAll, beforeAll } from "vitest";
import { loadCampaigns } from "@/lib/campaigns";
import { closeDatabase } from "@/lib/db/client";
import { publishFolders, seed } from "@/prisma/seed";
import { startTestDatabase, type TestDatabase, testEnvironment } from "./postgres";

/** What makes a site that people really sign on: its figures are published in steps. */
const NO_DEMONSTRATION = {
  MAIL_FROM: "Campaign <petition@example.org>",
  SITE_URL: "http://localhost:3000",
  ORGANISATION_NAME: "Test Organisation",
};

/** Campaigns that only tests have. */
const TEST_CAMPAIGNS = "tests/support/campaigns";

/**
 * Gives the file's tests a seeded database of their own, which `settings()` and `database()` then lead to.
 * @param figures `at-once` as in a demonstration, or `in-steps` as where people really sign.
 * @param campaigns `all` publishes those of `tests/support/campaigns`, too.
 */
export function useDatabase(
  figures: "at-once" | "in-steps" = "at-once",
  campaigns: "shipped" | "all" = "shipped",
): { current: () => TestDatabase } {
  let held: TestDatabase | undefined;
  beforeAll(async () => {
    held = await startTestDatabase();
    Object.assign(process.env, testEnvironment(held.url), figures === "in-steps" ? NO_DEMONSTRATION : {});
    await seed();
    if (campaigns === "shipped") return;
    await publishFolders(TEST_CAMPAIGNS);
    await loadCampaigns();
  });
  afterAll(async () => {
    await closeDatabase();
    await held?.stop();
  });
  return {
    current() {
      if (!held) throw new Error("the database is there only while tests run");
      return held;
    },
  };
}
