export { forgetEndedAccess } from "./ended-access";
export { noteHandOver } from "./hand-over";
export { makePacket } from "./packet";
export { beginSealing, type OldSealer, oldSealers, untilAllSealWithNewest } from "./process-keys";
export { purge, RETENTION } from "./retention";
export { rotateDataKeys } from "./rotation";
