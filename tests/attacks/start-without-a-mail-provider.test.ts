import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "petition-provider-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Runs a command of the product to its end. */
async function started(args: readonly string[], env: Record<string, string>) {
  const child = spawn(process.execPath, ["--import", "tsx", ...args], {
    stdio: ["ignore", "ignore", "pipe"],
    env: {
      PATH: process.env.PATH ?? "",
      HOME: folder,
      DATA_FOLDER: folder,
      NODE_ENV: "production",
      SITE_URL: "https://campaign.org",
      ORGANISATION_NAME: "Human Rights Forum",
      MAIL_FROM: "Campaign <petition@campaign.org>",
      DEV_MAILBOX: "1",
      ...env,
    },
  });
  let said = "";
  child.stderr.setEncoding("utf8").on("data", (text) => {
    said += text;
  });
  const [code] = await once(child, "close");
  return { code, lines: said.trim().split("\n") };
}

describe("S6: a production site without a mail provider", () => {
  test.each([
    ["web and worker", ["scripts/start.ts"], {}],
    ["the web process alone", ["scripts/start.ts", "--without-worker"], {}],
    ["the worker alone", ["scripts/worker.ts"], {}],
    ["the worker that is only told that there is one", ["scripts/worker.ts"], { MAIL_PROVIDER: "resend" }],
    ["both, only told that there is one", ["scripts/start.ts"], { MAIL_PROVIDER: "resend" }],
  ])("refuses to start, so that no links end up in a mailbox: %s", async (_, args, env) => {
    const { code, lines } = await started(args, env as Record<string, string>);
    expect(code).toBe(1);
    expect(lines).toEqual([
      expect.stringMatching(/^RESEND_API_KEY is unset: it must be set .* for example re_123456789/),
    ]);
  });
});
