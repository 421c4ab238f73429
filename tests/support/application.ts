import { afterAll, beforeAll } from "vitest";
import { closeDatabase } from "@/lib/db/client";
import { seed } from "@/prisma/seed";
import { startTestDatabase, type TestDatabase, testEnvironment } from "./postgres";

/** Gives the file's tests a seeded database of their own, which `settings()` and `database()` then lead to. */
export function useDatabase(): { current: () => TestDatabase } {
  let held: TestDatabase | undefined;
  beforeAll(async () => {
    held = await startTestDatabase();
    Object.assign(process.env, testEnvironment(held.url));
    await seed();
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
