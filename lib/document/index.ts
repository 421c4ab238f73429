export { CONTRAST_MIN, contrastWithWhite } from "./contrast";
export { SETTINGS_FILE, SOURCES_FILE } from "./file-names";
export { marksOf } from "./marks";
export { outlineOf, textIn, withText } from "./outline";
export { partsOf, replacePart } from "./parts";
export { plainText } from "./plain-text";
export { type ReadCampaign, readCampaign } from "./read-campaign";
export { isSlug } from "./slug";
export {
  type TranslatedPart,
  translatedParts,
  untranslated,
  withTranslation,
} from "./translate";
export type {
  Block,
  Call,
  CampaignContent,
  CampaignDocument,
  CampaignFiles,
  CampaignSettings,
  Fault,
  Figure,
  FigureRow,
  Inline,
  Section,
  ShareChannel,
  SimpleBlock,
  Source,
  Text,
} from "./types";
