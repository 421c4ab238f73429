export { ACTIONS, type ActionName, actionOf, type DeskAction, type Question, receiptOf } from "./actions";
export { type Authorisation, authorise } from "./authorise";
export { confirmedByDay, deskFigures, deskFor, foldSignatureChanges } from "./figures";
export { guardFramework } from "./gate";
