import { preparePictures } from "@/lib/drawing";
import { startWebServer } from "@/lib/http/server";
import { settings } from "@/lib/settings";
import { toldToStop } from "@/scripts/support/supervise";

/** How long requests under way may take to finish once the process is told to stop. */
const GRACE_SECONDS = 25;

const stop = toldToStop();
const server = await startWebServer({ port: settings().port, dev: process.argv.includes("--dev") });
preparePictures().catch((error: unknown) => {
  // They are made on demand then; the name alone, as a message may quote data.
  console.error(`Pictures not prepared: ${error instanceof Error ? error.name : "unknown error"}`);
});
await stop;
await server.stop(GRACE_SECONDS);
process.exit(0);
