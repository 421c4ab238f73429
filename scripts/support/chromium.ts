import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { chromium } from "@playwright/test";

const SYSTEM_PATHS = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];

/**
 * Finds the browser for tests: CHROMIUM_PATH, else Playwright's own, else the system's.
 * @returns null if there is none.
 */
export function findChromium(): string | null {
  const named = process.env.CHROMIUM_PATH;
  if (named) return existsSync(named) ? named : null;
  return [chromium.executablePath(), ...SYSTEM_PATHS].find((file) => existsSync(file)) ?? null;
}

/** Like `findChromium`, but installs the system's Chromium if there is none and we are root on Debian. */
export function findOrInstallChromium(): string | null {
  const found = findChromium();
  if (found !== null || process.env.CHROMIUM_PATH) return found;
  if (process.getuid?.() === 0 && existsSync("/usr/bin/apt-get")) {
    try {
      execFileSync("apt-get", ["update", "-qq"], { stdio: "inherit" });
      execFileSync("apt-get", ["install", "-y", "-qq", "--no-install-recommends", "chromium"], {
        stdio: "inherit",
        env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
      });
    } catch {
      return null;
    }
  }
  return findChromium();
}
