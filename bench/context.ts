import { randomBytes } from "node:crypto";
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { applyMigrations } from "@/lib/db/migrations";
import { type EmbeddedDatabase, startEmbeddedDatabase } from "@/lib/embedded-postgres";
import type { Context } from "./types";

const SECRET_BYTES = 32;

function secret(): string {
  return randomBytes(SECRET_BYTES).toString("base64");
}

/** Opens the context of one run. `close` stops everything started in it and deletes its folder. */
export async function openContext(
  extent: Pick<Context, "rows" | "long" | "seconds">,
): Promise<{ context: Context; close(): Promise<void> }> {
  const folder = await mkdtemp(path.join(tmpdir(), "petition-bench-"));
  // When we run as root, PostgreSQL runs as another user, who needs access.
  await chmod(folder, 0o755);
  const env: Record<string, string> = {
    NODE_ENV: "production",
    EMBEDDED_DATABASE: "1",
    NEXTAUTH_SECRET: secret(),
    TOKEN_SECRET: secret(),
    DATA_KEYS: `k1:${secret()}`,
  };
  const note = (text: string) => console.error(`  ${text}`);
  let server: EmbeddedDatabase | undefined;
  let running: Promise<{ url: string }> | undefined;
  let grown = Promise.resolve(0);

  async function start(): Promise<{ url: string }> {
    server = await startEmbeddedDatabase(folder);
    await applyMigrations(server.url);
    env.DATABASE_URL = server.url;
    Object.assign(process.env, env);
    const [{ seed }, { closeDatabase }] = await Promise.all([
      import("@/prisma/seed"),
      import("@/lib/db/client"),
    ]);
    await seed();
    await closeDatabase();
    return { url: server.url };
  }

  function database(): Promise<{ url: string }> {
    running ??= start();
    return running;
  }

  async function grow(before: number, signatures: number): Promise<number> {
    const { url } = await database();
    if (before >= signatures) return before;
    const { generateSignatures } = await import("@/lib/generator");
    note(`generating ${(signatures - before).toLocaleString("en")} signatures …`);
    const { seconds } = await generateSignatures({ databaseUrl: url, signatures: signatures - before });
    note(`generated in ${seconds.toFixed(1)} s`);
    return signatures;
  }

  async function grownTo(signatures: number): Promise<{ url: string }> {
    grown = grown.then((before) => grow(before, signatures));
    await grown;
    return database();
  }

  return {
    context: {
      ...extent,
      folder,
      env,
      note,
      database,
      grownTo,
      seededDatabase: () => grownTo(extent.rows),
    },
    async close() {
      await server?.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
