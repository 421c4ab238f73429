import { expect, test } from "vitest";
import { applyMigrations, diffSchema, pendingMigrations } from "@/lib/db/migrations";
import { seed } from "@/prisma/seed";
import { useDatabase } from "@/tests/support/application";

const database = useDatabase();

test("schema.prisma and the migrations agree", async () => {
  expect(await diffSchema("database", database.current().url)).toBe("");
});

test("a difference between them would be seen", async () => {
  await database.current().query("ALTER TABLE campaign ADD COLUMN stray integer");
  expect(await diffSchema("database", database.current().url)).toContain("stray");
  await database.current().query("ALTER TABLE campaign DROP COLUMN stray");
});

test("migrations and seed can be applied again and again", async () => {
  const { url } = database.current();
  expect(await pendingMigrations(url)).toEqual([]);
  expect(await applyMigrations(url)).toEqual({ applied: [] });
  await seed();
  expect(await database.current().query("SELECT count(*)::int AS campaigns FROM campaign")).toEqual([
    { campaigns: 1 },
  ]);
});
