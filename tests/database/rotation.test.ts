import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { beforeEach, describe, expect, test } from "vitest";
import { database } from "@/lib/db/client";
import { SEALED_COLUMNS } from "@/lib/db/encryption";
import { freezeBatch, holdBatch } from "@/lib/mail/outbox";
import { draftPaper, importPaper } from "@/lib/paper/paper";
import { openPerson } from "@/lib/people/person";
import { beginSealing, oldSealers, untilAllSealWithNewest } from "@/lib/privacy/process-keys";
import { rotateDataKeys } from "@/lib/privacy/rotation";
import { settings } from "@/lib/settings";
import { checkSignatureForm, sign } from "@/lib/signing";
import { useDatabase } from "@/tests/support/application";
import { CAMPAIGN_SLUG } from "@/tests/support/campaign";
import { OWNER } from "@/tests/support/session";

const held = useDatabase();

const WORKER = "00000000-0000-4000-8000-000000000001";

beforeEach(async () => {
  await database().$executeRaw`DELETE FROM signature`;
  await database().$executeRaw`DELETE FROM mail_batch`;
});

async function signAs(from: number, to: number): Promise<void> {
  for (let index = from; index < to; index++) {
    const checked = checkSignatureForm({
      name: `Signer ${index}`,
      email: `s${index}@example.net`,
      country: "AF",
      consent: "yes",
      locale: "en",
    });
    if (!checked.ok) throw new Error(JSON.stringify(checked.errors));
    await sign(CAMPAIGN_SLUG, checked.request);
  }
}

function addKey(id: string): void {
  settings().dataKeys.unshift({ id, key: randomBytes(32) });
}

/** What is kept of every signatory, opened, with the keys it takes. */
async function heldPeople(): Promise<{ people: string[]; keys: string[] }> {
  const rows = await database().signature.findMany();
  const people = rows.map(({ id, dataKeyId, personEncrypted }) => {
    const { name, email } = openPerson({ id, dataKeyId, person: personEncrypted });
    return `${name} ${email}`;
  });
  return { people: people.sort(), keys: [...new Set(rows.map(({ dataKeyId }) => dataKeyId))] };
}

test("seals everything again with the same content, and then needs no older key", async () => {
  await signAs(0, 20);
  await freezeBatch();
  await signAs(20, 25);
  const before = await heldPeople();
  addKey("newer1");
  const { resealed, remaining } = await rotateDataKeys();
  expect({ resealed, remaining }).toEqual({ resealed: 26, remaining: 0 });
  settings().dataKeys.splice(1);
  expect(await heldPeople()).toEqual({ people: before.people, keys: ["newer1"] });
  expect((await holdBatch(WORKER))?.mails).toHaveLength(20);
  expect(await rotateDataKeys()).toEqual({ resealed: 0, remaining: 0 });
});

test("covers every sealed column", async () => {
  const columns = await held.current().query<{ name: string }>(
    `SELECT table_name || '.' || column_name AS name FROM information_schema.columns
     WHERE table_schema = 'public' AND column_name LIKE '%\\_encrypted'`,
  );
  expect(columns.map(({ name }) => name).sort()).toEqual(
    SEALED_COLUMNS.map(({ table, column }) => `${table}.${column}_encrypted`).sort(),
  );
});

test("seals a paper draft again, which can still be imported", async () => {
  const sheet = new TextEncoder().encode("name,country\nZarghuna Kargar,AF");
  const drafting = await draftPaper(OWNER, CAMPAIGN_SLUG, "sheet.csv", sheet, "2026-09-01");
  if (!drafting.ok) throw new Error(drafting.refusal);
  addKey("newer2");
  expect(await rotateDataKeys()).toEqual({ resealed: 1, remaining: 0 });
  settings().dataKeys.splice(1);
  expect(await importPaper(OWNER, CAMPAIGN_SLUG, drafting.draft.id)).toBe(1);
  expect((await heldPeople()).people).toEqual(["Zarghuna Kargar "]);
});

test("seals an address in another spelling again, which still gets its mail", async () => {
  await signAs(0, 1);
  const checked = checkSignatureForm({
    name: "Signer 0",
    email: "S0@example.net",
    country: "AF",
    consent: "yes",
    locale: "en",
  });
  if (!checked.ok) throw new Error(JSON.stringify(checked.errors));
  await sign(CAMPAIGN_SLUG, checked.request);
  addKey("newer0");
  expect(await rotateDataKeys()).toEqual({ resealed: 2, remaining: 0 });
  settings().dataKeys.splice(1);
  await freezeBatch();
  expect((await holdBatch(WORKER))?.mails.map(({ to }) => to)).toEqual(["s0@example.net", "S0@example.net"]);
});

test("continues where it was interrupted", async () => {
  await signAs(0, 600);
  addKey("newer2");
  const stop = new Error("stopped");
  const stopped = rotateDataKeys(() => {
    throw stop;
  });
  await expect(stopped).rejects.toBe(stop);
  expect((await heldPeople()).keys).toHaveLength(2);
  expect(await rotateDataKeys()).toEqual({ resealed: 100, remaining: 0 });
  expect((await heldPeople()).people).toHaveLength(600);
});

test("skips a locked row and seals it later", async () => {
  await signAs(0, 3);
  addKey("newer3");
  const [held] = await database().signature.findMany({ orderBy: { id: "asc" } });
  let rotating: Promise<unknown> | undefined;
  await database().$transaction(async (transaction) => {
    await transaction.$executeRaw`UPDATE signature SET country = 'PK' WHERE id = ${held?.id ?? ""}::uuid`;
    let others = 0;
    rotating = rotateDataKeys((resealed) => {
      others = resealed;
    });
    await expect.poll(() => others).toBe(2);
  });
  await rotating;
  expect((await heldPeople()).keys).toEqual(["newer3"]);
  expect((await database().signature.findUnique({ where: { id: held?.id ?? "" } }))?.country).toBe("PK");
});

test("lets signing continue without loss", async () => {
  await signAs(0, 100);
  addKey("newer4");
  await Promise.all([rotateDataKeys(), signAs(100, 160)]);
  expect((await heldPeople()).keys).toEqual(["newer4"]);
  expect((await heldPeople()).people).toHaveLength(160);
});

describe("a process that still seals with the older key", () => {
  test("is named and waited for until it ends", async () => {
    const endWeb = await beginSealing("web");
    expect(await oldSealers()).toEqual([]);
    addKey("newer5");
    const endWorker = await beginSealing("worker");
    const awaited: string[] = [];
    const waiting = untilAllSealWithNewest(20, (sealers) => {
      for (const { program, place, dataKeyId } of sealers) awaited.push(`${program} ${place} ${dataKeyId}`);
      void endWeb();
    });
    expect(await waiting).toEqual([]);
    expect(awaited).toEqual([
      expect.stringMatching(new RegExp(`^web process ${process.pid} on \\S+ newer4$`)),
    ]);
    await endWorker();
    expect(await database().processKey.count()).toBe(0);
  });

  test("is reported when the time is up", async () => {
    const end = await beginSealing("web");
    addKey("newer6");
    expect(await untilAllSealWithNewest(0)).toEqual([
      expect.objectContaining({ program: "web", dataKeyId: "newer5" }),
    ]);
    await end();
  });

  test("counts as ended after a long silence", async () => {
    const end = await beginSealing("web");
    addKey("newer7");
    await database().$executeRaw`UPDATE process_key SET seen_at = now() - interval '31 seconds'`;
    expect(await oldSealers()).toEqual([]);
    await end();
  });

  test("delays npm run rotate-keys until it is stopped", async () => {
    await signAs(0, 5);
    const run = (script: string, dataKeys: string) => {
      const child = spawn(process.execPath, ["--import", "tsx", `scripts/${script}.ts`], {
        env: { ...process.env, DATA_KEYS: dataKeys },
        stdio: ["ignore", "pipe", "inherit"],
      });
      let said = "";
      child.stdout.on("data", (piece: Buffer) => {
        said += String(piece);
      });
      return { child, said: () => said, ended: once(child, "close").then(([code]) => code as number) };
    };
    const given = (keys: readonly { id: string; key: Buffer }[]) =>
      keys.map(({ id, key }) => `${id}:${key.toString("base64")}`).join(",");
    const older = given(settings().dataKeys);
    addKey("newer8");
    const worker = run("worker", older);
    await expect.poll(() => oldSealers(), { timeout: 30_000 }).toHaveLength(1);
    const rotating = run("rotate-keys", given(settings().dataKeys));
    await expect
      .poll(rotating.said, { timeout: 30_000 })
      .toMatch(/^Waiting, .*: worker \(process \d+ on \S+, key "newer7"\)\n$/);
    expect((await heldPeople()).keys).toEqual(["newer7"]);
    worker.child.kill("SIGTERM");
    expect([await worker.ended, await rotating.ended]).toEqual([0, 0]);
    expect((await heldPeople()).keys).toEqual(["newer8"]);
  }, 90_000);
});
