import { database } from "@/lib/db/client";
import type { ExportFormat } from "./parameters";

/** Most exports shown for one signatory. Later ones are in the audit log. */
const TOLD_MAX = 100;

export type InclusionInExport = { at: Date; format: ExportFormat; actorLabel: string; whole: boolean };

/**
 * Returns the exports whose filter and time included a signature, oldest first. Derived from the records of
 * both: a country or a wish for updates that was corrected since counts as it is now. A file that is not
 * `whole` may have ended before reaching the signature.
 */
export function exportsIncluding(signatureId: string): Promise<InclusionInExport[]> {
  return database().$queryRaw<InclusionInExport[]>`
    SELECT export_run.started_at AS at, format, export_run.actor_label AS "actorLabel", export_run.state = 'finished' AS whole
    FROM signature
    LEFT JOIN signature_invalidation ON signature_invalidation.signature_id = signature.id
    JOIN export_run ON export_run.campaign_id = signature.campaign_id AND export_run.started_at > signature.signed_at
    CROSS JOIN LATERAL (
      SELECT coalesce(signature.confirmed_at, signature_invalidation.confirmed_at) <= export_run.started_at AS confirmed
    ) AS at_start
    WHERE signature.id = ${signatureId}::uuid
      AND (signature_invalidation.at IS NULL OR signature_invalidation.at > export_run.started_at)
      AND CASE filter ->> 'status' WHEN 'confirmed' THEN at_start.confirmed WHEN 'pending' THEN at_start.confirmed IS NOT TRUE ELSE true END
      AND signature.signed_at >= coalesce((filter ->> 'from')::timestamptz, '-infinity')
      AND signature.signed_at < coalesce((filter ->> 'to')::timestamptz, 'infinity')
      AND signature.country = coalesce(filter ->> 'country', signature.country)
      AND (signature.wants_updates OR filter ->> 'updates' <> 'true')
    ORDER BY export_run.started_at LIMIT ${TOLD_MAX}`;
}
