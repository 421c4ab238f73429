import { randomInt } from "node:crypto";
import { defineConfig, devices } from "@playwright/test";
import { findChromium } from "./scripts/support/chromium";

// Chosen once, in the first process that reads this file; the workers inherit it.
process.env.TEST_PORT ??= String(randomInt(20_000, 30_000));
const executablePath = findChromium();

export default defineConfig({
  testDir: "tests/browser",
  globalSetup: "./scripts/support/browser-stack.ts",
  fullyParallel: false,
  workers: 1, // tests compare exact counts before and after
  // No test asserts a time: other tests run at the same time, and a busy machine must not fail one.
  timeout: 180_000,
  expect: { timeout: 30_000 },
  reporter: "list",
  use: {
    ...devices["Desktop Chrome"],
    baseURL: `http://localhost:${process.env.TEST_PORT}`,
    trace: "retain-on-failure",
    launchOptions: {
      ...(executablePath === null ? {} : { executablePath }),
      args: [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
      ],
    },
  },
  projects: [
    { name: "javascript", use: { javaScriptEnabled: true } },
    { name: "no-javascript", use: { javaScriptEnabled: false } },
  ],
});
