export { CONTRAST_MIN, contrastWithWhite } from "./contrast";
export { type Mark, marksOf } from "./marks";
export { type FrontText, type Outline, outlineOf, textIn, withText } from "./outline";
export { partsOf, type Replaced, replacePart } from "./parts";
export { plainText } from "./plain-text";
export { type ReadCampaign, readCampaign } from "./read-campaign";
export { isSlug } from "./slug";
export {
  type Translated,
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
  Part,
  Section,
  ShareChannel,
  SimpleBlock,
  Source,
  Target,
  Text,
  TimelineEvent,
} from "./types";
