import { createServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import type { EmbeddedDatabase } from "@/lib/embedded-postgres";
import { DEFAULT_LOCALE } from "@/lib/i18n/locales";
import { listenAddresses, type Settings } from "@/lib/settings";
import { build, buildIsStale, isRelease } from "@/scripts/support/build";
import {
  adopt,
  bringUpToDate,
  connectDatabase,
  faultLine,
  OperatorError,
  type Prepared,
  prepare,
  requireMailProvider,
} from "@/scripts/support/environment";
import { Backoff, type Supervised, supervise } from "@/scripts/support/supervise";

const HEALTH_POLL_MS = 150;

/**
 * Tries to listen on an address.
 * @returns the error code (`EADDRINUSE`, …), or null if it works.
 */
function obstacle(port: number, address: string): Promise<string | null> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    probe.listen(port, address, () => probe.close(() => resolve(null)));
  });
}

/**
 * Checks that the web server can listen.
 * @throws OperatorError with one line if its address and port are unavailable.
 */
async function requirePort({ host, port }: Pick<Settings, "host" | "port">): Promise<void> {
  for (const [index, address] of listenAddresses(host).entries()) {
    switch (await obstacle(port, address)) {
      case null:
        break;
      case "EADDRINUSE":
        throw new OperatorError(
          `PORT is ${port}: something already listens there; stop it or choose another, for example PORT=${port + 1} npm start`,
        );
      case "EACCES":
        throw new OperatorError(`PORT is ${port}: it must be one that this user may open, for example 3000`);
      default:
        // Not every machine has IPv6.
        if (index > 0) break;
        throw new OperatorError(
          `HOST is "${address}": it must be an IP address of this machine, for example 0.0.0.0 for all of them`,
        );
    }
  }
}

/** Returns the web server's address as seen from this machine. */
function localOrigin({ host, port }: Pick<Settings, "host" | "port">): string {
  if (host === null || host === "0.0.0.0" || host === "::") return `http://localhost:${port}`;
  return `http://${host.includes(":") ? `[${host}]` : host}:${port}`;
}

/** The owner that the embedded default invites until somebody has enrolled. */
const FIRST_OWNER = "owner@localhost";

/**
 * Inserts missing campaigns, then closes its database connection.
 * @returns a link to enrol the first owner, on the embedded default until somebody has enrolled; else null.
 */
async function putCampaignsIn(embedded: boolean): Promise<string | null> {
  const [{ seed }, { closeDatabase }, { addAccount, hasNoAccount, resetAccount }] = await Promise.all([
    import("@/prisma/seed"),
    import("@/lib/db/client"),
    import("@/lib/accounts"),
  ]);
  try {
    await seed();
    if (!embedded || !(await hasNoAccount())) return null;
    const added = await addAccount(FIRST_OWNER, "owner");
    const invited = added.kind === "invited" ? added : await resetAccount(FIRST_OWNER, "password");
    return "link" in invited ? invited.link : null;
  } finally {
    await closeDatabase();
  }
}

async function announce(prepared: Prepared, stopping: AbortSignal, enrolment: string | null): Promise<void> {
  const { siteUrl, mailboxEnabled, mailProvider } = prepared.settings;
  const local = localOrigin(prepared.settings);
  while (!stopping.aborted) {
    const alive = await fetch(`${local}/api/health/live`, { signal: stopping }).then(
      (answer) => answer.ok,
      () => false,
    );
    if (alive) break;
    await sleep(HEALTH_POLL_MS, undefined, { signal: stopping }).catch(() => {});
  }
  if (stopping.aborted) return;
  const { campaignPath, campaignSlugs } = await import("@/lib/campaigns");
  console.log("");
  for (const slug of campaignSlugs())
    console.log(`  Campaign  ${siteUrl}${campaignPath(slug, DEFAULT_LOCALE)}`);
  if (mailboxEnabled) console.log(`  Mailbox   ${local}/dev/mailbox`);
  else if (!mailProvider)
    console.log(
      "  Mailbox   closed, and no mail goes out: set RESEND_API_KEY, or DEV_MAILBOX=1 to read it here",
    );
  console.log(`  Admin     ${siteUrl}/admin`);
  if (enrolment !== null) console.log(`  Enrol     ${enrolment}  (once, within 24 hours)`);
  console.log("");
}

/** Restarts the embedded database whenever it dies, and tells the processes if its address has changed. */
async function keepDatabase(
  first: EmbeddedDatabase,
  prepared: Prepared,
  stopping: AbortSignal,
  onCurrent: (database: EmbeddedDatabase) => void,
  onMoved: () => void,
): Promise<void> {
  const backoff = new Backoff();
  let database = first;
  for (;;) {
    const since = Date.now();
    await database.gone();
    if (stopping.aborted) return;
    console.error("The database ended; starting it again");
    for (;;) {
      await backoff.wait(Date.now() - since, stopping);
      if (stopping.aborted) return;
      try {
        const before = database.url;
        const again = await connectDatabase(prepared);
        if (again === null) return;
        database = again;
        onCurrent(database);
        if (database.url !== before) onMoved();
        break;
      } catch (error) {
        console.error(faultLine(error));
      }
    }
  }
}

/**
 * Runs the whole site until SIGINT or SIGTERM: database, migrations, campaigns, build, web and mail worker.
 * Resolves when everything it started has ended. Throws OperatorError for an operator's mistake.
 */
export async function runStack({
  dev,
  withWorker = true,
}: {
  dev: boolean;
  /** False if mail workers run separately (`npm run worker`). */
  withWorker?: boolean;
}): Promise<void> {
  const stop = new AbortController();
  const stopping = stop.signal;
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => stop.abort());

  const prepared = await prepare();
  requireMailProvider(prepared, withWorker);
  const { port } = prepared.settings;
  await requirePort(prepared.settings);

  const stale = !dev && (await buildIsStale());
  if (stale && (await isRelease()))
    throw new OperatorError("This release has been changed: make a new one (npm run release)");

  let database = await connectDatabase(prepared);
  const children: Supervised[] = [];
  try {
    const databaseUrl = prepared.env.DATABASE_URL ?? "";
    if (!stopping.aborted) {
      const applied = await bringUpToDate(databaseUrl);
      if (applied.length > 0) console.log(`Migrations applied: ${applied.join(", ")}`);
    }
    // The seed reads settings, so it must see the same ones as the children.
    adopt(prepared);
    const enrolment = stopping.aborted ? null : await putCampaignsIn(prepared.settings.embeddedDatabase);
    if (stale && !stopping.aborted) {
      console.log("Building the site …");
      const code = await build(stopping);
      if (code !== 0 && !stopping.aborted) throw new OperatorError("The build failed: see above");
    }
    if (stopping.aborted) return;

    const env = () => ({
      ...prepared.env,
      NODE_ENV: dev ? "development" : "production",
      PORT: String(port),
    });
    children.push(supervise("web", "scripts/web.ts", dev ? ["--dev"] : [], env));
    if (withWorker) children.push(supervise("worker", "scripts/worker.ts", ["--supervised"], env));
    if (database !== null) {
      const keeping = keepDatabase(
        database,
        prepared,
        stopping,
        (current) => {
          database = current;
        },
        () => {
          for (const child of children) child.restart();
        },
      );
      keeping.catch((error: unknown) => console.error(faultLine(error)));
    }
    announce(prepared, stopping, enrolment).catch((error: unknown) => console.error(faultLine(error)));
    if (!stopping.aborted) {
      await new Promise<void>((resolve) =>
        stopping.addEventListener("abort", () => resolve(), { once: true }),
      );
    }
  } finally {
    stop.abort();
    await Promise.all(children.map((child) => child.stop()));
    await database?.stop();
  }
}
