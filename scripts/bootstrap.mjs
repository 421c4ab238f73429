// Plain JavaScript for the system's own Node.js: it runs before anything is installed. Installs what is
// missing, generates the Prisma client, then runs scripts/COMMAND.ts under the locked Node.js.
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { constants as osConstants } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..");
const COMMANDS = [
  "start",
  "dev",
  "worker",
  "migrate",
  "test",
  "build",
  "release",
  "admin",
  "campaign",
  "seed",
  "bench",
  "faults",
  "backup",
  "restore",
  "rotate-keys",
];
const INSTALL_STAMP = path.join(ROOT, "node_modules", ".installed");
const GENERATED_CLIENT = path.join(ROOT, "lib", "db", "generated");
const GENERATE_STAMP = path.join(GENERATED_CLIENT, ".schema-hash");
/**
 * On these platforms the lockfile provides the Node.js that runs everything else, so this file may be run by
 * an older one.
 */
const PLATFORMS_WITH_LOCKED_NODE = ["linux-x64", "linux-arm64"];
const OLDEST_NODE_BESIDE_LOCKED = "20.0";
/** Shell convention: a process ended by signal N exits with 128 + N. */
const SIGNAL_EXIT_OFFSET = 128;

/** The current child; signals to this process are forwarded to it. */
let running = null;
let stopping = false;

for (const signal of ["SIGINT", "SIGTERM"]) {
  // Ctrl-C reaches the whole process group. Forwarding it again is harmless; dying before the child is not.
  process.on(signal, () => {
    stopping = true;
    running?.kill(signal);
  });
}

/** Returns a SHA-256 over files of the checkout; a missing file counts as empty. */
function hashOf(...names) {
  const hash = createHash("sha256");
  for (const name of names) {
    const file = path.join(ROOT, name);
    hash
      .update(`${name}\0`)
      .update(existsSync(file) ? readFileSync(file) : "")
      .update("\0");
  }
  return hash.digest("hex");
}

function stampIs(file, value) {
  return existsSync(file) && readFileSync(file, "utf8").trim() === value;
}

function stamp(file, value) {
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, `${value}\n`);
}

/**
 * Runs one command to its end. With `quiet`, its output is shown only if it fails.
 * @returns the exit code, as a shell would report it; 127 if the program cannot be started.
 */
function run(program, args, { env = process.env, quiet = false } = {}) {
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      cwd: ROOT,
      env,
      stdio: quiet ? ["ignore", "pipe", "pipe"] : "inherit",
    });
    running = child;
    const output = [];
    child.stdout?.on("data", (chunk) => output.push(chunk));
    child.stderr?.on("data", (chunk) => output.push(chunk));
    child.on("error", (error) => {
      running = null;
      console.error(`${program} could not be started: ${error.message}`);
      resolve(127);
    });
    child.on("close", (code, signal) => {
      running = null;
      const outcome = code ?? SIGNAL_EXIT_OFFSET + (osConstants.signals[signal] ?? 0);
      if (quiet && outcome !== 0) process.stderr.write(Buffer.concat(output));
      resolve(outcome);
    });
  });
}

/** Runs a step that must succeed; otherwise exits with the step's exit code. */
async function must(program, args, options) {
  const code = await run(program, args, options);
  if (code !== 0 || stopping) process.exit(code);
}

/** Exits with a one-line message if the system's Node.js is too old. */
function requireNode() {
  const { engines } = JSON.parse(readFileSync(path.join(ROOT, "package.json"), "utf8"));
  const brought = PLATFORMS_WITH_LOCKED_NODE.includes(`${process.platform}-${process.arch}`);
  const needed = brought ? OLDEST_NODE_BESIDE_LOCKED : engines.node.replace(">=", "");
  const [major, minor] = process.versions.node.split(".").map(Number);
  const [neededMajor, neededMinor] = needed.split(".").map(Number);
  if (major > neededMajor || (major === neededMajor && minor >= neededMinor)) return;
  console.error(`Node.js is ${process.versions.node}: it must be ${needed} or newer`);
  process.exit(1);
}

async function installDependencies() {
  const wanted = hashOf("package.json", "package-lock.json");
  // A folder made by scripts/release.ts already contains everything: nothing is installed or written there.
  if (stampIs(INSTALL_STAMP, wanted) || stampIs(INSTALL_STAMP, `${wanted} release`)) return;
  console.error("Installing dependencies (npm ci) …");
  // NODE_ENV=production would omit what the build and the tests need.
  await must("npm", [
    "ci",
    "--include=dev",
    "--include=optional",
    "--no-audit",
    "--no-fund",
    "--loglevel=error",
  ]);
  stamp(INSTALL_STAMP, wanted);
}

/** Returns the lockfile's Node.js, or the system's if the lockfile has none for this platform. */
function lockedNode() {
  const locked = path.join(ROOT, "node_modules", ".bin", "node");
  return process.platform === "linux" && existsSync(locked) ? locked : process.execPath;
}

async function generateClient(node) {
  if (!existsSync(path.join(ROOT, "prisma", "schema.prisma"))) return;
  const wanted = hashOf("prisma/schema.prisma", "prisma.config.ts", "package-lock.json");
  if (stampIs(GENERATE_STAMP, wanted)) return;
  const prisma = path.join(ROOT, "node_modules", "prisma", "build", "index.js");
  await must(node, [prisma, "generate", "--schema", "prisma/schema.prisma", "--no-hints"], {
    quiet: true,
    // Generating needs no engine, but Prisma would download one, so any executable serves as a stand-in.
    env: { ...process.env, PRISMA_SCHEMA_ENGINE_BINARY: process.execPath, CHECKPOINT_DISABLE: "1" },
  });
  stamp(GENERATE_STAMP, wanted);
}

const [command, ...args] = process.argv.slice(2);
const script = path.join(ROOT, "scripts", `${command}.ts`);
if (command === undefined || !COMMANDS.includes(command) || !(stopping || existsSync(script))) {
  const known = COMMANDS.filter((name) => existsSync(path.join(ROOT, "scripts", `${name}.ts`)));
  console.error(`Unknown command "${command ?? ""}": it must be one of ${known.join(", ")}`);
  process.exit(2);
}

requireNode();
await installDependencies();
const node = lockedNode();
await generateClient(node);
process.exit(
  await run(node, ["--import", "tsx", script, ...args], {
    env: { ...process.env, NEXT_TELEMETRY_DISABLED: "1" },
  }),
);
