import { directRoutes } from "@/app/direct-routes";
import { followCampaigns } from "@/lib/campaigns";
import { openConnections } from "@/lib/db/client";
import { followChanges } from "@/lib/http/public-pages";
import { type Framework, startWebServer } from "@/lib/http/server";
import { loadCampaignsFirst } from "@/scripts/support/await-campaigns";
import { toldToStop } from "@/scripts/support/supervise";

const GRACE_SECONDS = 10;

// One web process as it is, but for the build of what is no direct route; it says its port on standard output.
const stop = toldToStop();
const nothingElse: Framework = {
  async handle(_request, response) {
    response.writeHead(404).end();
  },
  async close() {},
};
await openConnections();
const following = new AbortController();
const shed = await loadCampaignsFirst(following.signal);
const server = await startWebServer({
  port: Number(process.env.REPLICA_PORT ?? 0),
  host: "127.0.0.1",
  directRoutes,
  shed,
  framework: async () => nothingElse,
});
void followChanges(following.signal);
void followCampaigns(following.signal);
console.log(server.port);
await stop;
await server.stop(GRACE_SECONDS);
process.exit();
