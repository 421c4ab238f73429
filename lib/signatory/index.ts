export { ACCESS_INTERVAL_MINUTES, requestAccess } from "./access";
export { type Change, type Correcting, correct, erase, withdraw } from "./change";
export { type HeldSignature, heldSignature } from "./held";
