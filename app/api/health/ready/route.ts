import { pendingMigrations } from "@/lib/db/migrations";
import { json } from "@/lib/http/answers";
import { settings } from "@/lib/settings";

/** Whether this process can take signatures: the database answers and has every migration. */
export async function GET(): Promise<Response> {
  const { databaseUrl } = settings();
  const pending = databaseUrl ? await pendingMigrations(databaseUrl).catch(() => null) : null;
  if (pending === null) return json({ status: "database unreachable" }, 503);
  return pending.length > 0 ? json({ status: "migrations pending" }, 503) : json({ status: "ready" });
}
