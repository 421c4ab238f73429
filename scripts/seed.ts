import { parseArgs } from "node:util";
import { campaignSlugs } from "@/lib/campaigns";
import { closeDatabase, database } from "@/lib/db/client";
import { generateSignatures } from "@/lib/generator";
import { beginSealing } from "@/lib/privacy";
import { settings } from "@/lib/settings";
import { seed } from "@/prisma/seed";
import { bringUpToDate, OperatorError, withDatabase } from "@/scripts/support/environment";

/** Anything above this is taken for a typing error. */
const SIGNATURES_MAX = 20_000_000;

/**
 * `npm run seed -- --signatures N [--campaign SLUG]`: inserts the campaigns, and N invented signatories into
 * one of them.
 */
await withDatabase(async (databaseUrl) => {
  const { values } = parseArgs({
    options: {
      signatures: { type: "string", default: "1000" },
      campaign: { type: "string" },
      "made-up": { type: "boolean" },
    },
  });
  const signatures = Number(values.signatures);
  if (!Number.isSafeInteger(signatures) || signatures < 0 || signatures > SIGNATURES_MAX) {
    throw new OperatorError(
      `--signatures is "${values.signatures}": it must be a whole number from 0 to ${SIGNATURES_MAX}, for example 1000000`,
    );
  }
  await bringUpToDate(databaseUrl);
  await seed();
  const slug = values.campaign ?? campaignSlugs()[0] ?? "";
  if (!campaignSlugs().includes(slug))
    throw new OperatorError(`--campaign is "${slug}": it must be one of ${campaignSlugs().join(", ")}`);
  const asked = signatures === 0 || settings().demonstration || values["made-up"];
  if (!asked && (await database().signature.findFirst({ select: { id: true } })) !== null)
    throw new OperatorError(
      "People have signed here, and this is no demonstration: made-up signatures would be counted with theirs. If you mean it, add --made-up",
    );
  if (signatures === 0) return closeDatabase();
  const endSealing = await beginSealing("seed");
  const { seconds } = await generateSignatures({
    databaseUrl,
    slug,
    signatures,
    onProgress: (done) => process.stderr.write(`\r${done.toLocaleString("en")} signatures`),
  }).finally(endSealing);
  await closeDatabase();
  console.log(`\nAdded ${signatures.toLocaleString("en")} made-up signatures in ${seconds.toFixed(1)} s.`);
});
process.exit();
