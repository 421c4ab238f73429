import { brotliCompressSync, gzipSync } from "node:zlib";
import { LOCALES } from "@/lib/i18n/locales";
import { campaignPath, serveDirectRoutes } from "./site";
import type { Measure } from "./types";

/** HTML and style sheet fit into the ten packets that a server may send before the first answer (RFC 6928). */
const FIRST_VIEW_LIMIT_BYTES = 14 * 1024;

/** What a first view costs to load, in each language. */
export const sizes: Measure = {
  name: "sizes",
  async run(context) {
    await context.database();
    const site = await serveDirectRoutes();
    try {
      const results = [];
      for (const locale of LOCALES) {
        const answer = await fetch(`http://127.0.0.1:${site.port}${campaignPath(locale)}`);
        if (!answer.ok) throw new Error(`the ${locale} page answered ${answer.status}`);
        const page = Buffer.from(await answer.arrayBuffer());
        const line = { unit: "bytes", better: "lower", limit: FIRST_VIEW_LIMIT_BYTES } as const;
        results.push({ ...line, what: `first view ${locale}, gzip`, ours: gzipSync(page).length });
        results.push({
          ...line,
          what: `first view ${locale}, brotli`,
          ours: brotliCompressSync(page).length,
        });
      }
      return results;
    } finally {
      site.stop();
    }
  },
};
