import { execFileSync } from "node:child_process";
import { chmod, mkdtemp, open, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { POST as signRoute } from "@/app/api/petitions/[slug]/signatures/route";
import { closeDatabase, database } from "@/lib/db/client";
import { applyMigrations } from "@/lib/db/migrations";
import { connectOrStart, type EmbeddedDatabase } from "@/lib/embedded-postgres";
import { mailboxKey } from "@/lib/mailbox";
import { seed } from "@/prisma/seed";
import { CAMPAIGN_SLUG } from "@/tests/support/campaign";
import { testEnvironment } from "@/tests/support/postgres";

/** An empty cluster, its first WAL, and a little more. */
const DISK_MEBIBYTES = 192;
const CHUNK_BYTES = 64 * 1024;
/** More signatures than a table takes before it must grow. */
const TRIES = 500;
/** What is tried once it is full: it stays a refusal, not a fault. */
const TRIES_WHILE_FULL = 20;
const RECOVERY_LIMIT_MILLISECONDS = 20_000;

let folder = "";
let mounted = false;
let server: EmbeddedDatabase | null = null;
let signers = 0;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "petition-disk-"));
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", `size=${DISK_MEBIBYTES}m`, "tmpfs", folder], {
      stdio: "ignore",
    });
    mounted = true;
  } catch {
    return;
  }
  await chmod(folder, 0o755);
  server = await connectOrStart(folder);
  await applyMigrations(server.url);
  Object.assign(process.env, testEnvironment(server.url));
  await seed();
});
afterAll(async () => {
  await closeDatabase();
  await server?.stop();
  if (mounted) execFileSync("umount", [folder]);
  await rm(folder, { recursive: true, force: true });
});

/** Somebody new, from a network of their own. */
async function sign(): Promise<{ email: string; status: number }> {
  const number = signers++;
  const email = `disk.${number}@example.net`;
  const body = new URLSearchParams({ name: "Zarghuna", email, country: "AF", consent: "yes", locale: "ps" });
  const client = `10.${number >> 8}.${number & 255}.1`;
  const headers = { accept: "application/json", "x-client-address": client };
  const request = new Request("http://localhost/", { method: "POST", headers, body });
  const { status } = await signRoute(request, { params: Promise.resolve({ slug: CAMPAIGN_SLUG }) });
  return { email, status };
}

/** Writes until nothing more fits. */
async function fillDisk(file: string): Promise<void> {
  const filler = await open(file, "w");
  try {
    for (;;) await filler.write(Buffer.alloc(CHUNK_BYTES));
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ENOSPC")) throw error;
  } finally {
    await filler.close();
  }
}

test("answers 503 on a full disk, loses nothing acknowledged, and accepts signatures again once there is space", async ({
  skip,
}) => {
  skip(!mounted, "needs to mount a small disk: root on Linux");
  const acknowledged: string[] = [];
  const note = ({ email, status }: { email: string; status: number }) => {
    expect([202, 503]).toContain(status);
    if (status === 202) acknowledged.push(email);
    return status;
  };
  expect(note(await sign())).toBe(202);

  const filler = path.join(folder, "filler");
  await fillDisk(filler);
  let tries = 0;
  while (note(await sign()) === 202) expect(++tries).toBeLessThan(TRIES);
  for (let again = 0; again < TRIES_WHILE_FULL; again++) note(await sign());

  await rm(filler);
  // PostgreSQL ends itself where it cannot write its log; whoever runs it starts it again, as `npm start` does.
  server = await connectOrStart(folder);
  const deadline = Date.now() + RECOVERY_LIMIT_MILLISECONDS;
  while (note(await sign()) !== 202) expect(Date.now()).toBeLessThan(deadline);

  const kept = await database().signature.findMany({ select: { mailboxKey: true } });
  const keys = new Set(kept.map((row) => Buffer.from(row.mailboxKey).toString("hex")));
  expect(acknowledged.filter((email) => !keys.has(mailboxKey(email).toString("hex")))).toEqual([]);
  const [mails] = await database().$queryRaw<{ owed: number }[]>`SELECT count(*)::int AS owed FROM mail`;
  expect(mails?.owed).toBe(kept.length);
}, 60_000);
