export { type Length, lengthOf } from "./measure";
export { labelOfField, type PartField, partFields, withParts } from "./parts";
export { LANGUAGE_STATES, languageField, type SettingsForm, settingsForm, TARGET_FIELDS, targetField, withSettings } from "./settings-file";
export {
  type ListedSource,
  listSources,
  nextKey,
  SOURCES_FILE,
  type Use,
  usesOf,
  withChangedSource,
  withoutSource,
  withSource,
} from "./sources-file";
