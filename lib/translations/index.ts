export {
  EXCHANGE_FORMATS,
  type ExchangeFormat,
  exportTranslation,
  type ImportedTranslation,
  importTranslation,
} from "./files";
export { addLanguage, type LanguageChanged, setFinished } from "./languages";
export {
  LINK_MAX_DAYS,
  linksOf,
  makeLink,
  type OpenLink,
  openLink,
  revokeLink,
  type TranslatorLink,
} from "./links";
export { type Check, type Reviewed, reviewTranslation } from "./review";
export { type RefusedPart, type SavedTranslation, saveTranslation, type TranslationEdit } from "./save";
export { PART_STATES, type PartState } from "./states";
export {
  type LanguageProgress,
  type Progress,
  progressOf,
  type Translation,
  type TranslationPart,
  translationOf,
} from "./working";
