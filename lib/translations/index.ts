export {
  EXCHANGE_FORMATS,
  exportTranslation,
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
export { reviewTranslation } from "./review";
export { type RefusedPart, saveTranslation, type TranslationEdit } from "./save";
export { PART_STATES, type PartState } from "./states";
export {
  type LanguageProgress,
  progressOf,
  type Translation,
  type TranslationPart,
  translationOf,
} from "./working";
