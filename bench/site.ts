import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { CAMPAIGN_SLUG } from "@/lib/campaign/content";
import type { Locale } from "@/lib/i18n/locales";

/** The address of the campaign's page. */
export function campaignPath(locale: Locale): string {
  return `/${locale}/${CAMPAIGN_SLUG}`;
}

/** The direct routes on a server of this process: what stands behind the edge, with no build of the rest. */
export async function serveDirectRoutes(): Promise<{ port: number; stop(): void }> {
  // React is chosen by NODE_ENV as it is loaded, which is production only once the context has a database.
  const [{ answerDirectly, directRouteFor }, { directRoutes }] = await Promise.all([
    import("@/lib/http/direct"),
    import("@/scripts/support/direct-routes"),
  ]);
  const server = createServer((request, response) => {
    const matched = directRouteFor(directRoutes, request);
    if (!matched) response.writeHead(404).end();
    else answerDirectly(matched, request, response).catch(() => response.destroy());
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    stop() {
      server.closeAllConnections();
      server.close();
    },
  };
}
