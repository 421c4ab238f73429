export { answerExport } from "./answer";
export { EXPORT_COLUMNS, type ExportColumn, type Row } from "./columns";
export { csvCell } from "./csv";
export { checkExportParameters } from "./parameters";
export { type Audit, lastExports } from "./run";
export { xlsxFile } from "./xlsx";
