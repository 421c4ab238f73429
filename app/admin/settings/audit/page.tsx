import type { Metadata } from "next";
import { deskPage } from "@/app/admin/_desk/desk-page";
import { queryOf } from "@/app/admin/_desk/query";
import { AuditLog } from "@/components/admin/AuditLog";
import { AUDIT_PAGE_ENTRIES, lastAuditCheck, logReader, searchAudit } from "@/lib/audit";
import { checkLog } from "./actions";
import { searchIn } from "./search";

export const metadata: Metadata = { title: "Audit log" };

export default deskPage("audit.view", async (visit, { searchParams }: PageProps<"/admin/settings/audit">) => {
  const query = await queryOf(searchParams);
  const text = (name: string) => query.get(name) ?? "";
  const { audience, campaigns } = logReader(visit);
  const mayCheck = visit.may("read log");
  const [entries, checked] = await Promise.all([
    searchAudit({ ...searchIn(query), campaigns }, audience),
    mayCheck ? lastAuditCheck(audience) : null,
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
      check={mayCheck ? checkLog : null}
    />
  );
});
