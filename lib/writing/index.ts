export { partLabel, sectionOf } from "./labels";
export { lengthOf } from "./measure";
export { type PartField, partFields, withParts } from "./parts";
export {
  LANGUAGE_STATES,
  languageField,
  type SettingsForm,
  settingsForm,
  TARGET_FIELDS,
  targetField,
  withSettings,
} from "./settings-file";
export { skeletonOf } from "./skeleton";
export { NO_SOURCE, readSourceFields, sourceFields, sourceLabel } from "./source-fields";
export {
  type ListedSource,
  listSources,
  nextKey,
  type Use,
  usesOf,
  withChangedSource,
  withoutSource,
  withSource,
} from "./sources-file";
