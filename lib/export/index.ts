export { answerExport } from "./answer";
export { EXPORT_COLUMNS } from "./columns";
export { copiedRows } from "./copy";
export { csvCell } from "./csv";
export { exportsIncluding } from "./history";
export {
  COLUMN_FIELD,
  checkExportParameters,
  checkPacketParameters,
  EXPORT_FORMATS,
  queryOfForm,
  REASON_MAX_CHARACTERS,
  REASON_MIN_CHARACTERS,
  SETTINGS_NAME_MAX_CHARACTERS,
} from "./parameters";
export { type ExportRun, failLostExports, lastExports } from "./run";
export { deleteSettings, savedSettings, saveSettings } from "./saved";
export { takeExportSlot } from "./slots";
export { sealedRow } from "./snapshot";
