import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { promisify } from "node:util";
import { beforeAll, expect, test } from "vitest";

/** Licences that let the whole be given on under MIT; a new one is to be read by a person before it stands here. */
const KNOWN_LICENCES = new Set([
  "0BSD",
  "Apache-2.0",
  "BlueOak-1.0.0",
  "BSD-2-Clause",
  "BSD-3-Clause",
  "CC-BY-4.0",
  "CC0-1.0",
  "EPL-2.0", // development only
  "ISC",
  "LGPL-3.0-or-later", // libvips, a library of its own that is loaded at run time
  "MIT",
  "MIT-0",
  "MPL-2.0",
  "OFL-1.1",
  "Unlicense",
  "Zlib",
]);
/** Packages whose package.json names no licence; each has its MIT text beside it. */
const LICENCE_IN_A_FILE = ["png-js", "seq-queue"];

type Component = {
  name: string;
  version: string;
  hashes?: unknown[];
  licenses?: { expression?: string; license?: { id?: string; name?: string } }[];
};
let components: Component[];

beforeAll(async () => {
  const listed = await promisify(execFile)("npm", ["run", "--silent", "sbom"], {
    maxBuffer: 64 * 1024 * 1024,
  });
  components = (JSON.parse(listed.stdout) as { components: Component[] }).components;
}, 60_000);

test("the bill of materials names every package of the lockfile with its hash", async () => {
  const lockfile = JSON.parse(await readFile("package-lock.json", "utf8")) as {
    packages: Record<string, { version: string }>;
  };
  const locked = Object.entries(lockfile.packages)
    .filter(([path]) => path !== "")
    .map(([path, { version }]) => `${path.split("node_modules/").at(-1)}@${version}`);
  expect(new Set(components.map(({ name, version }) => `${name}@${version}`))).toEqual(new Set(locked));
  expect(components.filter(({ hashes }) => !hashes?.length)).toEqual([]);
});

test("every package has a licence that a person has read", () => {
  const unknown = components.filter(({ name, licenses = [] }) => {
    const named = licenses.flatMap(({ expression, license }) =>
      (expression ?? license?.id ?? license?.name ?? "").split(/ AND | OR |[()]/i).filter(Boolean),
    );
    if (named.length === 0) return !LICENCE_IN_A_FILE.includes(name);
    return named.some((licence) => !KNOWN_LICENCES.has(licence));
  });
  expect(unknown).toEqual([]);
});
