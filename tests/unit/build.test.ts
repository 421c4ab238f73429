import { afterEach, expect, test, vi } from "vitest";
import { readSettings, settingNames } from "@/lib/settings";
import { buildEnvironment } from "@/scripts/support/build";

afterEach(() => vi.unstubAllEnvs());

test("a build is told no setting: no secret and no organisation can get into it", () => {
  for (const name of settingNames()) vi.stubEnv(name, "https://told.example");
  const env = buildEnvironment();
  expect(settingNames().filter((name) => env[name] !== "")).toEqual(["NODE_ENV"]);
  expect(Object.values(env).join("\n")).not.toContain("told.example");
});

test("a build finds the settings in order, and no database", () => {
  expect(readSettings(buildEnvironment())).toMatchObject({
    ok: true,
    settings: { production: true, databaseUrl: null, demonstration: true },
  });
});
