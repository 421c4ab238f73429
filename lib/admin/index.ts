export { type AuditEntry, checkAudit, lastAuditCheck, recordAudit, searchAudit, verifyAudit } from "./audit";
export { type Authorisation, authorise } from "./authorise";
export { type Actor, includesRole, isRole, ROLES, type Role } from "./roles";
