import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

const read = (file: string) => readFileSync(file, "utf8");
const manifest = JSON.parse(read("package.json")) as {
  engines: { node: string };
  optionalDependencies: Record<string, string>;
  devDependencies: Record<string, string>;
};
const needed = manifest.engines.node.replace(">=", "");
const bootstrap = read("scripts/bootstrap.mjs");
const besideLocked = /OLDEST_NODE_BESIDE_LOCKED = "(\d+)\.0"/.exec(bootstrap)?.[1];
const locked = Object.entries(manifest.optionalDependencies).filter(([name]) => name.startsWith("node-"));

function isOlder(version: string, than: string): boolean {
  return version.localeCompare(than, "en", { numeric: true }) < 0;
}

test("README and package.json say alike which Node.js is needed", () => {
  expect(read("README.md")).toContain(`Node.js ${needed} or newer and npm are all it needs`);
});

test("README, starter and CI say alike which Node.js will do where the lockfile brings one", () => {
  expect(besideLocked).toBeDefined();
  expect(read("README.md")).toContain(`On Linux Node.js ${besideLocked} will do`);
  expect(read(".ci/run")).toContain(`Linux machine: Node.js ${besideLocked} or newer`);
});

test("the lockfile brings one new enough for every platform that the starter counts on", () => {
  const platforms = [...bootstrap.matchAll(/"(linux-\w+)"/g)].map(([, platform]) => `node-${platform}`);
  expect(platforms.sort()).toEqual(locked.map(([name]) => name).sort());
  for (const [name, version] of locked) expect([name, isOlder(version, needed)]).toEqual([name, false]);
});

test("image and types are of the version that the lockfile brings", () => {
  const majors = new Set([
    ...locked.map(([, version]) => version.split(".")[0]),
    manifest.devDependencies["@types/node"]?.split(".")[0],
    /^FROM node:(\d+)/m.exec(read("deploy/Dockerfile"))?.[1],
  ]);
  expect(majors.size).toBe(1);
});
