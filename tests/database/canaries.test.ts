import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { constants, inflateRawSync } from "node:zlib";
import { Client } from "pg";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { GET as exportRoute } from "@/app/api/admin/petitions/[slug]/export/route";
import { POST as confirmRoute } from "@/app/api/confirm/route";
import { POST as signRoute } from "@/app/api/petitions/[slug]/signatures/route";
import { POST as accessRoute } from "@/app/api/signature/access/route";
import { addToken } from "@/lib/accounts/tokens";
import { closeDatabase, database } from "@/lib/db/client";
import { open, seal } from "@/lib/db/encryption";
import { applyMigrations } from "@/lib/db/migrations";
import { type EmbeddedDatabase, startEmbeddedDatabase } from "@/lib/embedded-postgres";
import { freezeBatch } from "@/lib/mail/outbox";
import { sendOnce } from "@/lib/mail/sending";
import { erase } from "@/lib/signatories";
import { unsubscribe } from "@/lib/signing";
import { seed } from "@/prisma/seed";
import { CAMPAIGN_SLUG } from "@/tests/support/campaign";
import { CapturingTransport, tokenIn } from "@/tests/support/capturing-transport";
import { testEnvironment } from "@/tests/support/postgres";

const WORKER = "00000000-0000-4000-8000-000000000001";
/** Found nowhere but in what these tests type. */
const NAMES = ["Kanarinaqsh Zarghuna", "Kanarinaqsh Erased", "Kanarinaqsh Waiting"];
const EMAILS = ["kanari.one@canary.example", "kanari.erased@canary.example", "kanari.waiting@canary.example"];
const CLIENT = "203.0.113.77";

let folder = "";
let server: EmbeddedDatabase;
const provider = new CapturingTransport();
const logged: string[] = [];
const tokens: string[] = [];

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "petition-canaries-"));
  await chmod(folder, 0o755);
  // What anything of ours would write aside is looked through as well.
  vi.stubEnv("TMPDIR", folder);
  server = await startEmbeddedDatabase(folder);
  await applyMigrations(server.url);
  Object.assign(process.env, testEnvironment(server.url));
  for (const stream of [process.stdout, process.stderr])
    vi.spyOn(stream, "write").mockImplementation((text) => {
      logged.push(String(text));
      return true;
    });
  await seed();
});
afterAll(async () => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  await closeDatabase();
  await server.stop();
  await rm(folder, { recursive: true, force: true });
});

function posted(fields: Record<string, string>, type = "application/x-www-form-urlencoded"): Request {
  const body = type.endsWith("json") ? JSON.stringify(fields) : new URLSearchParams(fields).toString();
  const headers = { "content-type": type, accept: "application/json", "x-client-address": CLIENT };
  return new Request("http://localhost/", { method: "POST", headers, body });
}

const sign = (place: number, more: Record<string, string> = {}) =>
  signRoute(
    posted({
      name: NAMES[place] ?? "",
      email: EMAILS[place] ?? "",
      country: "AF",
      consent: "yes",
      locale: "ps",
      ...more,
    }),
    { params: Promise.resolve({ slug: CAMPAIGN_SLUG }) },
  );

async function mailed(place: number): Promise<string> {
  while (await sendOnce(provider, WORKER));
  return provider.last(EMAILS[place] ?? "").text;
}

/** A file with all signatories, as a script fetches it. */
async function exported(format: string): Promise<Buffer> {
  const made = await addToken(`canaries ${format}`, "exporter", 1);
  if (made.kind !== "made") throw new Error(made.kind);
  const { token } = made;
  tokens.push(token);
  const request = new Request(`http://localhost/api/admin/petitions/x/export?format=${format}&status=all`, {
    headers: { authorization: `Bearer ${token}` },
  });
  const answer = await exportRoute(request, { params: Promise.resolve({ slug: CAMPAIGN_SLUG }) });
  expect(answer.status).toBe(200);
  return Buffer.from(await answer.arrayBuffer());
}

/** What a text looks like in bytes: as it is, in UTF-16, and in hexadecimal and base64 wherever it begins. */
function disguises(text: string): Buffer[] {
  const plain = Buffer.from(text);
  const base64 = [0, 1, 2].map((shift) =>
    Buffer.concat([Buffer.alloc(shift), plain])
      .toString("base64")
      // The first and last characters depend on what stands beside.
      .slice(shift === 0 ? 0 : 4, -4),
  );
  return [
    plain,
    Buffer.from(text, "utf16le"),
    Buffer.from(plain.toString("hex")),
    ...base64.map((encoded) => Buffer.from(encoded)),
  ];
}

const ZIP_ENTRY = Buffer.from("PK\x03\x04");
const ZIP_ENTRY_HEADER_BYTES = 30;

/** What is packed in a file that is or holds a ZIP container, as a workbook is (PKWARE APPNOTE 4.3.7), even when it is cut off. */
function unpacked(bytes: Buffer): Buffer[] {
  const found: Buffer[] = [];
  for (let at = bytes.indexOf(ZIP_ENTRY); at !== -1; at = bytes.indexOf(ZIP_ENTRY, at + 1)) {
    if (at + ZIP_ENTRY_HEADER_BYTES > bytes.length) break;
    const content = at + ZIP_ENTRY_HEADER_BYTES + bytes.readUInt16LE(at + 26) + bytes.readUInt16LE(at + 28);
    try {
      found.push(inflateRawSync(bytes.subarray(content), { finishFlush: constants.Z_SYNC_FLUSH }));
    } catch {
      // Four bytes that look like an entry and are none.
    }
  }
  return found;
}

/** Which of the secrets is where, in any disguise, packed or not. */
function findings(secrets: string[], places: Map<string, Buffer>): string[] {
  const contents = [...places].flatMap(([place, bytes]) =>
    [bytes, ...unpacked(bytes)].map((content) => [place, content] as const),
  );
  return secrets.flatMap((secret) => {
    const looks = disguises(secret);
    return contents.flatMap(([place, content]) =>
      looks.some((look) => content.includes(look)) ? [`${secret} in ${place}`] : [],
    );
  });
}

/** Every file of the cluster, as it lies there: tables, indexes, WAL, PostgreSQL's own log. */
async function filesOfCluster(): Promise<Map<string, Buffer>> {
  const files = new Map<string, Buffer>();
  for (const name of await readdir(folder, { recursive: true })) {
    const file = path.join(folder, name);
    // PostgreSQL takes files away while we look.
    const bytes = (await stat(file).catch(() => null))?.isFile()
      ? await readFile(file).catch(() => null)
      : null;
    if (bytes) files.set(name, bytes);
  }
  return files;
}

/** All rows of all tables as text. */
async function dumped(): Promise<string> {
  const tables = await database().$queryRaw<{ name: string }[]>`
    SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'`;
  const texts = await Promise.all(
    tables.map(({ name }) =>
      database().$queryRawUnsafe<{ text: string | null }[]>(
        `SELECT string_agg("${name}"::text, E'\\n') AS text FROM "${name}"`,
      ),
    ),
  );
  return texts.map((rows) => rows[0]?.text ?? "").join("\n");
}

test("leaves no name, address, token or network at rest or in a log after signing, confirming, erasing, exporting and failing", async () => {
  for (const place of [0, 1]) expect((await sign(place)).status).toBe(202);
  for (const place of [0, 1]) {
    const token = tokenIn(await mailed(place), "confirm");
    tokens.push(token);
    await confirmRoute(posted({ token, action: "confirm" }));
  }
  const own = await mailed(1);
  tokens.push(tokenIn(own, "signature"), tokenIn(own, "unsubscribe"));
  await erase(tokenIn(own, "signature"));
  await unsubscribe(tokenIn(await mailed(0), "unsubscribe"));
  await accessRoute(posted({ email: EMAILS[0] ?? "" }));
  expect((await sign(2)).status).toBe(202);
  await freezeBatch();
  for (const format of ["csv", "xlsx", "ndjson"]) {
    const file = await exported(format);
    // The search would find a file that was left behind, even one cut off before its end.
    const leftBehind = path.join(folder, "left-behind");
    for (const bytes of [file, file.subarray(0, -40)]) {
      await writeFile(leftBehind, bytes);
      expect(findings(EMAILS.slice(0, 1), await filesOfCluster())).toEqual([`${EMAILS[0]} in left-behind`]);
    }
    await rm(leftBehind);
  }
  // What goes wrong is logged: invalid fields, a database that refuses, a database that is away.
  expect((await sign(0, { country: "nowhere" })).status).toBe(422);
  await database().$executeRawUnsafe("ALTER TABLE signature RENAME TO away");
  expect((await sign(0)).status).toBe(500);
  await database().$executeRawUnsafe("ALTER TABLE away RENAME TO signature");
  const client = new Client({ connectionString: server.url });
  await client.connect();
  await client.query("CHECKPOINT");
  await client.end();

  const secrets = [...NAMES, ...EMAILS, ...EMAILS.map((email) => email.toUpperCase()), ...tokens, CLIENT];
  const places = await filesOfCluster();
  expect([...places.keys()].some((name) => name.includes("pg_wal"))).toBe(true);
  places.set("every row as text", Buffer.from(await dumped()));
  places.set("the logs", Buffer.from(logged.join("")));
  expect(logged.join("")).toContain("route failed");
  expect(findings(secrets, places)).toEqual([]);
  // The search itself works: what is kept in plain is found.
  expect([...places.values()].some((bytes) => bytes.includes(CAMPAIGN_SLUG))).toBe(true);
});

test("opens a sealed value in no other row, column or table", () => {
  const place = { table: "signature", column: "person", id: "00000000-0000-7000-8000-000000000001" } as const;
  const sealed = seal(NAMES[0] ?? "", place);
  expect(open(sealed, "k1", place)).toBe(NAMES[0]);
  for (const elsewhere of [
    { ...place, id: "00000000-0000-7000-8000-000000000002" },
    { ...place, table: "mail_batch", column: "payload" },
    { ...place, table: "review_group", column: "content" },
  ] as const)
    expect(() => open(sealed, "k1", elsewhere)).toThrow();
});
