import { z } from "zod";
import { database } from "@/lib/db/client";
import type { AuditEntry } from "./audit";

const ofJob = z.object({ job: z.string() });

/** Whether what an entry records was undone later. Applies to imports and bulk actions. */
export async function wasTakenBack({ action, sequence, subject, detail }: AuditEntry): Promise<boolean> {
  if (action === "paper.import")
    return (await database().auditEntry.count({ where: { action: "paper.undo", subject } })) > 0;
  const done = ofJob.safeParse(JSON.parse(detail));
  if (!done.success) return false;
  const [restored] = await database().$queryRaw<object[]>`
    SELECT FROM audit_entry WHERE action = 'signatory.restore' AND sequence > ${sequence}
      AND detail::jsonb->>'jobId' = ${done.data.job} LIMIT 1`;
  return restored !== undefined;
}
