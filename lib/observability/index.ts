export { type BackupAlarm, backupAlarm, noteBackup, noteFailedBackup } from "./backups";
export {
  endMailFailures,
  type Misconfiguration,
  noteMailFailure,
  type OpenFailure,
  openMailFailures,
} from "./mail-failures";
export { measureRequest, metricsText, routeClass } from "./metrics";
export { noteSecurityEvent } from "./security-events";
export { beginSpan, traced } from "./spans";
export { startTelemetry, stopTelemetry } from "./telemetry";
