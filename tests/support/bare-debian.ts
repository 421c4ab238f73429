import { execFile, spawn, spawnSync } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/**
 * A machine as Debian's nginx package leaves it: `/etc` as on this one, `/var` and `/run` new, and a network of its own with
 * nothing but loopback. The rest of the file system is this machine's.
 */
export type BareDebian = {
  /** Runs a command there, from the checkout's folder. @returns what it wrote. @throws when it fails. */
  sh(command: string): Promise<string>;
  stop(): Promise<void>;
};

/** What the package `nginx-common` and the base system have below /var. */
const SKELETON = "mkdir -p var/cache var/lib/nginx var/log/nginx var/www/html var/tmp run";

/** Checks and starts nginx there, as Debian's unit does. */
export const START_NGINX =
  "nginx -t -q -g 'daemon on; master_process on;' && nginx -g 'daemon on; master_process on;'";

/** Whether this user may have a file system and a network of their own here: root in most containers, not in all. */
export function canBeBareDebian(): boolean {
  return (
    process.getuid?.() === 0 &&
    spawnSync("unshare", [
      "--mount",
      "--net",
      "sh",
      "-c",
      "mount --bind /tmp /tmp && test -f /etc/nginx/nginx.conf",
    ]).status === 0
  );
}

export async function startBareDebian(): Promise<BareDebian> {
  const folder = await mkdtemp(path.join(tmpdir(), "petition-debian-"));
  const setUp = [
    `cd ${folder}`,
    SKELETON,
    "cp -a /etc etc",
    // Debian's settings for certbot stay, accounts and certificates go.
    "rm -rf etc/letsencrypt/*/",
    "for place in etc var run; do mount --bind $place /$place; done",
    "ip link set lo up",
    "ip address add 2001:db8:1:2::a/128 dev lo",
    "ip address add 2001:db8:1:2::b/128 dev lo",
    "ip address add 2001:db8:1:3::a/128 dev lo",
    "echo ready",
    "exec sleep infinity",
  ].join("\n");
  const holder = spawn("unshare", ["--mount", "--net", "--propagation", "private", "sh", "-ec", setUp], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = new Promise<void>((resolve) => holder.once("exit", () => resolve()));
  const ready = new Promise<void>((resolve) => holder.stdout.once("data", () => resolve()));
  await Promise.race([ready, ended]);
  const { pid, exitCode } = holder;
  if (pid === undefined || exitCode !== null) throw new Error("no namespaces could be made");
  const inside = ["--target", String(pid), "--mount", "--net", `--wd=${process.cwd()}`, "sh", "-ec"];
  return {
    async sh(command) {
      const { stdout, stderr } = await run("nsenter", [...inside, command], { maxBuffer: 10_000_000 });
      return stdout + stderr;
    },
    async stop() {
      await run("nsenter", [...inside, "if [ -s /run/nginx.pid ]; then nginx -s stop; fi"]).catch(() => {});
      holder.kill("SIGKILL");
      await ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
}
