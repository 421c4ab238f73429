import { Client } from "pg";
import { to as copyTo } from "pg-copy-streams";
import { CAMPAIGN_SLUG } from "@/bench/campaign";
import { closeDatabase } from "@/lib/db/client";
import { answerExport } from "@/lib/export";
import type { Measure, Result } from "./types";

/** Limits of the acceptance figures for a million rows. Time grows with the rows, memory does not. */
const CSV_SECONDS_PER_MILLION = 15;
const ROWS_PER_MILLION = 1_000_000;
const FIRST_BYTE_LIMIT_MILLISECONDS = 500;
const MEMORY_LIMIT_MEGABYTES = 150;
const XLSX_MEMORY_LIMIT_MEGABYTES = 300;
const SAMPLE_MILLISECONDS = 20;
const MEGABYTE = 2 ** 20;

/** The contract's columns as stored: a plain COPY returns them still sealed. */
const PEER_QUERY = `COPY (
  SELECT id, person_encrypted, country, locale, state, wants_updates, public_name, consent_text_id,
    signed_at, confirmed_at, ref FROM signature ORDER BY signed_at, id
) TO STDOUT (FORMAT csv)`;

type Reading = { seconds: number; firstByteMilliseconds: number; bytes: number; memoryMegabytes: number };

/**
 * Reads and discards everything; records time, time to first byte and the growth of the process at its peak.
 */
async function drain(open: () => Promise<AsyncIterable<Uint8Array>>): Promise<Reading> {
  const before = process.memoryUsage.rss();
  let peak = before;
  const sampler = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage.rss());
  }, SAMPLE_MILLISECONDS);
  const began = performance.now();
  let firstByteMilliseconds = 0;
  let bytes = 0;
  for await (const piece of await open()) {
    if (bytes === 0) firstByteMilliseconds = performance.now() - began;
    bytes += piece.length;
  }
  clearInterval(sampler);
  return {
    seconds: (performance.now() - began) / 1000,
    firstByteMilliseconds,
    bytes,
    memoryMegabytes: (peak - before) / MEGABYTE,
  };
}

async function ours(format: string): Promise<AsyncIterable<Uint8Array>> {
  const request = new Request(`http://localhost/export?format=${format}&status=all`);
  const exporter = { kind: "token", label: "bench" } as const;
  const response = await answerExport(request, CAMPAIGN_SLUG, exporter, async () => {});
  if (response.status !== 200 || !response.body) throw new Error(`the export answered ${response.status}`);
  return response.body;
}

/** Exports all signatories in three formats, compared with PostgreSQL's COPY of the same columns. */
export const exportMeasure: Measure = {
  name: "export",
  async run(context) {
    const { url } = await context.seededDatabase();
    const client = new Client({ connectionString: url });
    await client.connect();
    try {
      // The first reading warms the server's cache and is not counted.
      await drain(async () => client.query(copyTo(PEER_QUERY)));
      const copy = await drain(async () => client.query(copyTo(PEER_QUERY)));
      const peer = { name: "COPY", value: context.rows / copy.seconds };
      const results: Result[] = [];
      for (const format of ["csv", "ndjson", "xlsx"]) {
        const reading = await drain(() => ours(format));
        context.note(
          `${format}: ${reading.seconds.toFixed(1)} s, ${reading.bytes.toLocaleString("en")} bytes`,
        );
        results.push(
          {
            what: `${format}: rows`,
            ours: context.rows / reading.seconds,
            unit: "rows/s",
            better: "higher",
            peer,
            ...(format === "csv" ? { limit: ROWS_PER_MILLION / CSV_SECONDS_PER_MILLION } : {}),
          },
          {
            what: `${format}: first byte`,
            ours: reading.firstByteMilliseconds,
            unit: "ms",
            better: "lower",
            peer: { name: "COPY", value: copy.firstByteMilliseconds },
            limit: FIRST_BYTE_LIMIT_MILLISECONDS,
          },
          {
            what: `${format}: memory grown at the peak`,
            ours: reading.memoryMegabytes,
            unit: "MB",
            better: "lower",
            peer: { name: "COPY", value: copy.memoryMegabytes },
            limit: format === "xlsx" ? XLSX_MEMORY_LIMIT_MEGABYTES : MEMORY_LIMIT_MEGABYTES,
          },
        );
      }
      return results;
    } finally {
      await client.end();
      await closeDatabase();
    }
  },
};
