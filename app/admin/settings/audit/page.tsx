import type { Metadata } from "next";
import { deskPage } from "@/app/admin/_desk/desk-page";
import { queryOf } from "@/app/admin/_desk/query";
import { AuditLog } from "@/components/admin/AuditLog";
import { AUDIT_PAGE_ENTRIES, lastAuditCheck, searchAudit } from "@/lib/audit";
import { audienceOf } from "@/lib/disclosure";
import { checkLog } from "./actions";
import { searchIn } from "./search";

export const metadata: Metadata = { title: "Audit log" };

export default deskPage(
  "audit.view",
  async ({ actor }, { searchParams }: PageProps<"/admin/settings/audit">) => {
    const query = await queryOf(searchParams);
    const text = (name: string) => query.get(name) ?? "";
    const audience = audienceOf(actor);
    const [entries, checked] = await Promise.all([
      searchAudit(searchIn(query), audience),
      lastAuditCheck(audience),
    ]);
    const last = entries.at(-1);
    const older = new URLSearchParams(query);
    if (last) older.set("before", last.id);
    return (
      <AuditLog
        entries={entries}
        search={{ actor: text("actor"), action: text("action"), from: text("from"), to: text("to") }}
        checked={checked}
        older={entries.length === AUDIT_PAGE_ENTRIES ? `/admin/settings/audit?${older}` : null}
        file={`/api/admin/audit?${query}`}
        check={checkLog}
      />
    );
  },
);
