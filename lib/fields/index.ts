export { COLUMNS, columnsOf, propertiesOf } from "./columns";
export {
  FIELD_NAMES,
  FIELDS,
  type FieldName,
  type FieldsWith,
  fieldsWith,
  formFieldsBy,
  isTick,
  type KeptField,
  type Shown,
  schemaOf,
  type TypedForm,
  typedIn,
} from "./fields";
export { nameMistake, tidyName } from "./name-rules";
