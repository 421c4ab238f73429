import { pendingMigrations } from "@/lib/db/migrations";
import { json } from "@/lib/http/answers";
import { settings } from "@/lib/settings";

/** Readiness: the database answers and has every migration, so this process can take signatures. */
export async function GET(): Promise<Response> {
  const { databaseUrl } = settings();
  const pending = databaseUrl ? await pendingMigrations(databaseUrl).catch(() => null) : null;
  if (pending === null) return json({ status: "database unreachable" }, 503);
  return pending.length > 0 ? json({ status: "migrations pending" }, 503) : json({ status: "ready" });
}
