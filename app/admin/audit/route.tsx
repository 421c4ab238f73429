import { forAction } from "@/app/admin/_desk/action";
import { adminPage, organisation, signedInAs } from "@/app/admin/_desk/document";
import { AuditPage } from "@/components/admin/AuditPage";
import { AUDIT_PAGE_ENTRIES, checkAudit, lastAuditCheck, searchAudit } from "@/lib/audit";
import { audienceOf } from "@/lib/disclosure";
import { redirect } from "@/lib/http/answers";
import { searchIn } from "./search";

/** Serves the audit log, with search and the result of the last check. */
export function GET(request: Request): Promise<Response> {
  return forAction(request, "audit.view", async ({ actor, query }) => {
    const text = (name: string) => query.get(name) ?? "";
    const audience = audienceOf(actor);
    const [entries, checked] = await Promise.all([
      searchAudit(searchIn(query), audience),
      lastAuditCheck(audience),
    ]);
    const last = entries.at(-1);
    const older = new URLSearchParams(query);
    if (last) older.set("before", last.id);
    return adminPage(
      <AuditPage
        organisation={organisation()}
        signedIn={signedInAs(actor)}
        entries={entries}
        search={{ actor: text("actor"), action: text("action"), from: text("from"), to: text("to") }}
        checked={checked}
        older={entries.length === AUDIT_PAGE_ENTRIES ? `/admin/audit?${older}` : null}
        exportAddress={`/admin/audit/export?${query}`}
      />,
    );
  });
}

/** Verifies the whole chain. */
export function POST(request: Request): Promise<Response> {
  return forAction(request, "audit.check", async ({ actor }) => {
    await checkAudit(actor);
    return redirect("/admin/audit");
  });
}
