export { connectOrStart, type EmbeddedDatabase, startEmbeddedDatabase } from "./embedded-database";
export { freePort } from "./ports";
