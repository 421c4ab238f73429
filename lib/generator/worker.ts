import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { parentPort, workerData } from "node:worker_threads";
import { from as copyFrom } from "pg-copy-streams";
import { connect, longWorkLimits } from "@/lib/db/connection";
import { bucketBits, type Size } from "@/lib/people";
import { makePerson, signingTimes } from "./people";
import { copyLine, GENERATED_COLUMNS, type Surroundings } from "./rows";

/** The work of one thread. */
export type Share = {
  databaseUrl: string;
  surroundings: Surroundings;
  signatures: number;
  /** How many had signed before, by country, and how many threads are adding at the same time. */
  before: Readonly<Record<string, number>>;
  threads: number;
  /** Starts every tag of this thread. */
  prefix: string;
  now: Date;
};

/** Signatures per COPY. Bounds how much the counting trigger holds at once. */
const SIGNATURES_PER_COPY = 50_000;
/** Signatures per chunk of the stream. */
const SIGNATURES_PER_CHUNK = 200;

const share = workerData as Share;
const times = signingTimes(share.signatures, share.now, Math.random);
/** How many have signed so far, in all and by country, as far as this thread can tell. */
const countries = new Map(Object.entries(share.before));
let people = Object.values(share.before).reduce((sum, count) => sum + count, 0);

/** Counts one more person, and those whom the other threads add meanwhile. @returns the counts before. */
function grownBy(country: string): Size {
  const size = { people, compatriots: countries.get(country) ?? 0 };
  people += share.threads;
  countries.set(country, size.compatriots + share.threads);
  return size;
}

function* chunks(first: number, last: number): Generator<string> {
  for (let next = first; next < last; ) {
    let text = "";
    for (const end = Math.min(next + SIGNATURES_PER_CHUNK, last); next < end; next += 1) {
      const tag = `${share.prefix}${next.toString(36)}`;
      const person = makePerson(tag, new Date(times[next] ?? share.now), share.now, Math.random);
      text += copyLine(person, share.surroundings, bucketBits(grownBy(person.country)));
    }
    yield text;
  }
}

const client = await connect({ connectionString: share.databaseUrl });
try {
  for (let first = 0; first < share.signatures; first += SIGNATURES_PER_COPY) {
    const last = Math.min(first + SIGNATURES_PER_COPY, share.signatures);
    await client.query("BEGIN");
    await client.query(longWorkLimits());
    // The rows are made up, so a server crash may lose the last ones. For this transaction only: in a session
    // that a pooler passes on, the setting would lose real signatures.
    await client.query("SET LOCAL synchronous_commit = off");
    const copy = client.query(copyFrom(`COPY signature (${GENERATED_COLUMNS}) FROM STDIN`));
    await pipeline(Readable.from(chunks(first, last)), copy);
    await client.query("COMMIT");
    parentPort?.postMessage(last - first);
  }
} finally {
  await client.end();
}
