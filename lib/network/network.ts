import { randomBytes } from "node:crypto";
import { database } from "@/lib/db/client";
import { keyedHash } from "@/lib/db/keyed-hash";
import { perProcess } from "@/lib/per-process";

/**
 * Prefix lengths that identify a network. Nothing finer is ever stored, and even that only as a keyed hash.
 */
const IPV4_PREFIX_BITS = 24;
const IPV6_PREFIX_GROUPS = 3.5; // 56 bits
const SALT_BYTES = 32;
const HOUR_MILLISECONDS = 3_600_000;
/** The longest that anything can be tied to a network, in hours from the start of the day (UTC). */
export const NETWORK_KEPT_HOURS = 48;
/** How much earlier salts are destroyed, in hours: the worker may be late. */
const MARGIN_HOURS = 1;
/** Keys deleted per statement: few enough not to delay signers. */
const KEYS_FORGOTTEN_AT_ONCE = 5_000;

const state = perProcess(
  "abuse/network",
  (): { networkSalt?: { day: string; salt: Promise<string> } } => ({}),
);

/**
 * Returns the key of an address's network: the same all day (UTC) in every process.
 * It includes a random salt that is destroyed later. After
 * that nobody can find the network, not even with all keys.
 */
export async function networkKey(clientAddress: string, now = new Date()): Promise<Buffer<ArrayBuffer>> {
  return keyOf(await saltOf(now.toISOString().slice(0, 10)), clientAddress);
}

/** Returns the keys of a network, one for each day whose salt still exists; none once all are destroyed. */
export async function networkKeys(clientAddress: string): Promise<Buffer<ArrayBuffer>[]> {
  const rows = await database().networkSalt.findMany();
  return rows.map(({ salt }) => keyOf(Buffer.from(salt).toString("base64"), clientAddress));
}

/**
 * Returns a key that is equal for equal texts on one day (UTC)
 * and means nothing once the day's salt is destroyed.
 */
export async function dailyKey(
  purpose: "mail-allowance",
  text: string,
  now = new Date(),
): Promise<Buffer<ArrayBuffer>> {
  return keyedHash(purpose, `${await saltOf(now.toISOString().slice(0, 10))} ${text}`);
}

function keyOf(salt: string, clientAddress: string): Buffer<ArrayBuffer> {
  return keyedHash("network", `${salt} ${networkOf(clientAddress)}`);
}

async function saltOf(day: string): Promise<string> {
  if (state.networkSalt?.day !== day) state.networkSalt = { day, salt: readOrMakeSalt(day) };
  const reading = state.networkSalt;
  try {
    return await reading.salt;
  } catch (error) {
    if (state.networkSalt === reading) delete state.networkSalt;
    throw error;
  }
}

/** The first process to ask creates the day's salt; all others get the same one. */
async function readOrMakeSalt(day: string): Promise<string> {
  const [row] = await database().$queryRaw<{ salt: Uint8Array }[]>`
    INSERT INTO network_salt (day, salt) VALUES (${day}::date, ${randomBytes(SALT_BYTES)})
    ON CONFLICT (day) DO UPDATE SET salt = network_salt.salt RETURNING salt`;
  if (!row) throw new Error("the statement always returns a salt");
  return Buffer.from(row.salt).toString("base64");
}

/** Returns the network of an address: /24 for IPv4 (also when mapped into IPv6), /56 for IPv6. */
export function networkOf(address: string): string {
  const ipv4 = /(\d+)\.(\d+)\.(\d+)\.\d+$/.exec(address);
  if (ipv4) return `${ipv4.slice(1).join(".")}.0/${IPV4_PREFIX_BITS}`;
  const [head = "", tail] = address.toLowerCase().split("%")[0]?.split("::") ?? [];
  const front = head ? head.split(":") : [];
  const back = tail ? tail.split(":") : [];
  const zeros = tail === undefined ? 0 : 8 - front.length - back.length;
  const groups = [...front, ...Array<string>(Math.max(zeros, 0)).fill("0"), ...back].map((group) =>
    group.padStart(4, "0"),
  );
  return `${groups.join("").slice(0, IPV6_PREFIX_GROUPS * 4)}/56`;
}

/**
 * Destroys expired salts, and deletes the network keys from signatures made with them. Safe to repeat.
 * @returns how many signatures lost their network key.
 */
export async function forgetNetworks(now = new Date()): Promise<number> {
  const firstKeptDay = new Date(now.getTime() - (NETWORK_KEPT_HOURS - MARGIN_HOURS) * HOUR_MILLISECONDS);
  firstKeptDay.setUTCHours(24, 0, 0, 0);
  await database().$executeRaw`DELETE FROM network_salt WHERE day < ${firstKeptDay}::date`;
  let forgotten = 0;
  for (let last = KEYS_FORGOTTEN_AT_ONCE; last === KEYS_FORGOTTEN_AT_ONCE; forgotten += last) {
    last = await database().$executeRaw`
      UPDATE signature SET network_key = NULL WHERE id IN (
        SELECT id FROM signature WHERE network_key IS NOT NULL AND signed_at < ${firstKeptDay}
        ORDER BY signed_at LIMIT ${KEYS_FORGOTTEN_AT_ONCE})`;
  }
  return forgotten;
}
