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
export { wasTakenBack } from "./receipts";
export { type Actor, includesRole, isRole, ROLES, type Role } from "./roles";
