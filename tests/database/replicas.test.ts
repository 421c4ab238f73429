import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { afterAll, beforeAll, expect, test } from "vitest";
import { setShareText } from "@/lib/sharing/texts";
import { publishUpdate } from "@/lib/sharing/updates";
import { CAMPAIGN_SLUG } from "@/tests/support/campaign";
import { useDatabase } from "../support/application";

const REPLICAS = 3;
/** No reader may see older figures than these. */
const LAG_LIMIT_MS = 10_000;
const START_LIMIT_MS = 60_000;

const database = useDatabase();
const processes: ChildProcess[] = [];
let origins: string[] = [];

async function startReplica(): Promise<string> {
  const child = spawn(process.execPath, ["--import", "tsx", "tests/support/replica.ts"], {
    env: { ...process.env, NODE_ENV: "production" },
    stdio: ["ignore", "pipe", "inherit"],
  });
  processes.push(child);
  const ended = once(child, "exit").then(() => {
    throw new Error("a replica ended at its start");
  });
  const [line] = await Promise.race([once(child.stdout, "data"), ended]);
  return `http://127.0.0.1:${Number(String(line).trim())}`;
}

beforeAll(async () => {
  origins = await Promise.all(Array.from({ length: REPLICAS }, startReplica));
}, START_LIMIT_MS);
afterAll(async () => {
  for (const child of processes) {
    const ended = child.exitCode === null ? once(child, "exit") : null;
    child.kill("SIGKILL");
    await ended;
  }
});

function signAt(origin: string, email: string): Promise<Response> {
  return fetch(`${origin}/api/petitions/${CAMPAIGN_SLUG}/signatures`, {
    method: "POST",
    headers: { "content-type": "application/json", accept: "application/json" },
    body: JSON.stringify({ name: "Amina", email, country: "PK", consent: "yes", locale: "en" }),
  });
}

const everywhere = <T>(work: (origin: string) => Promise<T>) => Promise.all(origins.map(work));

test("makes one signature and one mail when an address signs at three processes at once", async () => {
  const answers = await everywhere((origin) => signAt(origin, "amina@example.org"));
  expect(answers.map(({ status }) => status)).toEqual([202, 202, 202]);
  const [kept] = await database
    .current()
    .query(
      "SELECT (SELECT count(*) FROM signature)::int AS signatures, (SELECT count(*) FROM mail)::int AS mails",
    );
  expect(kept).toEqual({ signatures: 1, mails: 1 });
});

test("shows a confirmed signature in the count of every process in time", async () => {
  const counts = () =>
    everywhere(
      async (origin) => (await (await fetch(`${origin}/api/petitions/${CAMPAIGN_SLUG}`)).json()).count,
    );
  expect(await counts()).toEqual([0, 0, 0]);
  await database.current().query("UPDATE signature SET state = 'confirmed', confirmed_at = now()");
  await expect.poll(counts, { timeout: LAG_LIMIT_MS }).toEqual([1, 1, 1]);
});

test("shows an owner's texts and news on the pages of every process in time", async () => {
  const pages = () =>
    everywhere(async (origin) => {
      const page = await (await fetch(`${origin}/en/${CAMPAIGN_SLUG}`)).text();
      return [encodeURIComponent("Read this, then sign"), `/en/${CAMPAIGN_SLUG}/updates`].map((part) =>
        page.includes(part),
      );
    });
  expect(await pages()).toEqual(Array(REPLICAS).fill([false, false]));
  await setShareText(CAMPAIGN_SLUG, "en", "whatsapp", "Read this, then sign");
  await publishUpdate(CAMPAIGN_SLUG, {
    locale: "en",
    title: "The door is open",
    text: "Since this morning.",
  });
  await expect.poll(pages, { timeout: LAG_LIMIT_MS }).toEqual(Array(REPLICAS).fill([true, true]));
});

test("accepts no signature anywhere once a campaign is closed, and soon offers no form", async () => {
  const offers = () =>
    everywhere(async (origin) =>
      (await (await fetch(`${origin}/en/${CAMPAIGN_SLUG}`)).text()).includes('name="email"'),
    );
  expect(await offers()).toEqual([true, true, true]);
  await database.current().query("UPDATE campaign SET status = 'closed', closed_at = now()");
  const answers = await everywhere((origin) => signAt(origin, "late@example.org"));
  expect(answers.map(({ status }) => status)).toEqual([410, 410, 410]);
  await expect.poll(offers, { timeout: LAG_LIMIT_MS }).toEqual([false, false, false]);
});
