import { spawn } from "node:child_process";
import { once } from "node:events";
import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { startTestDatabase, onServer } from "./tests/support/postgres";
import { startPooler } from "./tests/support/pooler";
import { freePort } from "./lib/db/embedded";
const d = await startTestDatabase();
const p = await startPooler(new URL(d.url));
await onServer(d.url, (c)=>c.query("CREATE DATABASE fresh"));
const port = await freePort();
const env = { ...process.env, DATABASE_URL: p.urlOf("fresh"), PORT: String(port), DEV_MAILBOX: "1", SITE_ULR: "x" };
for (const round of [1,2]) {
  const t = Date.now();
  const c = spawn(process.execPath, ["--import","tsx","scripts/start.ts"], { env: env as never, stdio: ["ignore","pipe","pipe"] });
  let said=""; for (const s of [c.stdout,c.stderr]) s.on("data",(x)=>{said+=x;});
  while (!/Admin /.test(said) && c.exitCode===null) await sleep(200);
  const ready = await fetch(`http://localhost:${port}/api/health/ready`).then((r)=>r.status, String);
  await sleep(6000);
  console.log("round", round, (Date.now()-t)/1000, "s ready", ready, "procs", await onServer(new URL("/fresh", d.url).href.replace(/[^/]*$/,"postgres"), async ()=>0));
  const locks = await onServer(d.url, async (k)=> (await k.query("SELECT pid,objid FROM pg_locks WHERE locktype='advisory'")).rows);
  c.kill("SIGTERM"); const [code] = await once(c,"close");
  console.log(said, "exit", code, "locks", locks);
}
await p.stop(); await d.stop(); process.exit();
