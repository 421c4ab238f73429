import path from "node:path";
import { defineConfig } from "vitest/config";

const alias = {
  "@": import.meta.dirname,
  // Next resolves this name itself; elsewhere it is an empty module.
  "server-only": path.join(import.meta.dirname, "node_modules/next/dist/compiled/server-only/empty.js"),
};

/** Tests that need a PostgreSQL: one server for the whole run, a database of its own for each file. */
const onPostgres = {
  globalSetup: ["tests/support/postgres.ts"],
  // Gives Next's modules the storage that they keep a request in; without it they take the process for a browser.
  setupFiles: ["next/dist/server/node-environment-baseline", "tests/support/quick-passwords.ts"],
  testTimeout: 120_000,
  hookTimeout: 120_000,
};

export default defineConfig({
  resolve: { alias },
  test: {
    projects: [
      {
        resolve: { alias },
        // No test asserts a time: a busy machine must not fail one.
        test: { name: "unit", include: ["tests/unit/**/*.test.{ts,tsx}"], testTimeout: 120_000 },
      },
      {
        resolve: { alias },
        test: {
          name: "edge",
          include: ["tests/edge/**/*.test.ts"],
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        resolve: { alias },
        test: { name: "database", include: ["tests/database/**/*.test.ts"], ...onPostgres },
      },
      {
        resolve: { alias },
        test: { name: "attacks", include: ["tests/attacks/**/*.test.ts"], ...onPostgres },
      },
    ],
  },
});
