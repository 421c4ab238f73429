import { followGuards } from "@/lib/abuse/guard";
import { preparePictures, renewPictures } from "@/lib/drawing";
import { followChanges } from "@/lib/http/public-pages";
import { startWebServer } from "@/lib/http/server";
import { log } from "@/lib/log";
import { stopTelemetry } from "@/lib/operations/telemetry";
import { beginSealing } from "@/lib/privacy/process-keys";
import { settings } from "@/lib/settings";
import { directRoutes } from "@/scripts/support/direct-routes";
import { toldToStop } from "@/scripts/support/supervise";

/** How long requests under way may take to finish once the process is told to stop. */
const GRACE_SECONDS = 25;

const stop = toldToStop();
const dev = process.argv.includes("--dev");
const endSealing = await beginSealing("web");
// While developing, every address goes through the framework, which reloads what changes.
const { host, port } = settings();
const server = await startWebServer({ host, port, dev, directRoutes: dev ? [] : directRoutes });
// Pictures that are not there yet are made on demand.
preparePictures().catch((error: unknown) => log.error("pictures were not prepared", error));
const following = new AbortController();
followChanges(following.signal, () => {
  renewPictures().catch((error: unknown) => log.error("pictures were not renewed", error));
});
followGuards(following.signal);
await stop;
following.abort();
await server.stop(GRACE_SECONDS);
await endSealing();
await stopTelemetry();
process.exit(0);
