export type { Actor } from "./actor";
export {
  AUDIT_PAGE_ENTRIES,
  type AuditSearch,
  auditEntry,
  auditOf,
  campaignOf,
  checkAudit,
  lastAuditCheck,
  type NewAuditEntry,
  pseudonymOf,
  recordAudit,
  type ShownEntry,
  searchAudit,
  securityAlarms,
} from "./audit";
export { logReader } from "./log-reader";
export { wasTakenBack } from "./receipts";
