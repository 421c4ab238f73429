import { unavailablePages } from "@/app/(public)/_pages/message";
import { THANKS_REFRESH_MILLISECONDS, thanksPages } from "@/app/(public)/_pages/thanks";
import { directRoutes } from "@/app/direct-routes";
import { followPolicies, isCrowded } from "@/lib/abuse";
import { followCampaigns } from "@/lib/campaigns";
import { openConnections } from "@/lib/db/client";
import { guardFramework } from "@/lib/desk";
import { preparePictures, renewPictures } from "@/lib/drawing";
import { canWait, isOverloaded, shed } from "@/lib/http/overload";
import { followChanges, publicPages } from "@/lib/http/public-pages";
import { startWebServer } from "@/lib/http/server";
import { log } from "@/lib/log";
import { stopTelemetry } from "@/lib/observability";
import { followPictures, loadPictures } from "@/lib/pictures";
import { beginSealing } from "@/lib/privacy";
import { settings } from "@/lib/settings";
import { loadCampaignsFirst } from "@/scripts/support/await-campaigns";
import { toldToStop } from "@/scripts/support/supervise";

/** How long current requests may take to finish once the process is told to stop. */
const GRACE_SECONDS = 25;

const stop = toldToStop();
const dev = process.argv.includes("--dev");
const endSealing = await beginSealing("web");
const following = new AbortController();
stop.then(() => following.abort());
const refuseUntilLoaded = await loadCampaignsFirst(following.signal);
// In development, every address goes through the framework, which reloads changed code.
const { host, port } = settings();
/** In development, pages reflect the current code. Until this succeeds, each is rendered on request. */
async function renewThanks(): Promise<void> {
  if (dev) return;
  await thanksPages.renew().catch((error: unknown) => log.error("thanks pages were not renewed", error));
}
// Before requests are accepted, so that nobody's request is the first.
await renewThanks();
const thanksTimer = setInterval(renewThanks, THANKS_REFRESH_MILLISECONDS);
await openConnections();
await loadPictures().catch((error: unknown) => log.error("the pictures were not read", error));
const pagesWhileOverloaded = await unavailablePages();
const server = await startWebServer({
  host,
  port,
  dev,
  directRoutes: dev ? [] : directRoutes,
  guard: guardFramework,
  shed(request, response) {
    if (refuseUntilLoaded(request, response)) return true;
    if (!isCrowded() || !isOverloaded() || !canWait(request.url ?? "")) return false;
    shed(request, response, pagesWhileOverloaded);
    return true;
  },
}).catch((error: unknown) => {
  // Next.js keeps a process alive after an unhandled rejection. One that serves nothing must exit, so that it
  // is restarted.
  log.error("the web server did not start", error, { port });
  process.exit(1);
});
// Missing images are made on demand.
preparePictures().catch((error: unknown) => log.error("pictures were not prepared", error));
function renew(): void {
  void renewThanks();
  renewPictures().catch((error: unknown) => log.error("pictures were not renewed", error));
}
followChanges(following.signal, renew);
followCampaigns(following.signal, () => {
  // Rendered again since the change was announced, perhaps, and from the campaigns as they were.
  publicPages.forget();
  renew();
});
followPolicies(following.signal);
followPictures(following.signal);
await stop;
clearInterval(thanksTimer);
await server.stop(GRACE_SECONDS);
await endSealing();
await stopTelemetry();
process.exit(0);
