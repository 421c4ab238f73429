export { type HandingOver, noteHandOver } from "./hand-over";
export { type Purged, purge, purgeUnconfirmed, RETENTION } from "./retention";
