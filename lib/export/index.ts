export { answerExport } from "./answer";
export { EXPORT_COLUMNS, type ExportColumn, type Row } from "./columns";
export { csvCell } from "./csv";
export { exportsIncluding } from "./included";
export { checkExportParameters, checkPacketParameters, queryOfForm } from "./parameters";
export { type Audit, failLostExports, lastExports } from "./run";
export { deleteSettings, savedSettings, saveSettings } from "./saved";
export { EXPORTS_AT_ONCE, EXPORTS_OF_ONE, takeExportPlace } from "./share";
export { xlsxFile } from "./xlsx";
