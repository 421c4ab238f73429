import { afterAll, beforeAll } from "vitest";
import { type DirectRoute, directRouteFor } from "@/lib/http/direct";
import { type Framework, startWebServer, type WebServer } from "@/lib/http/server";

/** Answers routes as Next does: the request's body is the very stream, and the answer is written as it comes. */
function frameworkOf(routes: readonly DirectRoute[]): Framework {
  return {
    async handle(incoming, outgoing) {
      const matched = directRouteFor(routes, incoming);
      if (matched === null) {
        outgoing.writeHead(404).end();
        return;
      }
      const init: RequestInit & { duplex?: "half" } = { method: incoming.method ?? "GET" };
      if (init.method === "POST") Object.assign(init, { body: incoming, duplex: "half" });
      const request = new Request(`http://localhost${incoming.url}`, {
        ...init,
        headers: incoming.headers as Record<string, string>,
      });
      const answer = await matched.route.answer(request, matched.parameters);
      outgoing.writeHead(answer.status, Object.fromEntries(answer.headers));
      for await (const chunk of answer.body ?? []) outgoing.write(chunk);
      outgoing.end();
    },
    async close() {},
  };
}

/** What the web server answers: some routes by itself, the others by way of the framework. */
export type Served = { direct?: readonly DirectRoute[]; framed?: readonly DirectRoute[]; host?: string };

/**
 * Runs the site's own web server while the file's tests run.
 * @param served called once there is a database.
 */
export function useWebServer(served: () => Promise<Served>): { current: () => WebServer } {
  let held: WebServer | undefined;
  beforeAll(async () => {
    const { direct = [], framed = [], host } = await served();
    held = await startWebServer({
      port: 0,
      ...(host === undefined ? {} : { host }),
      directRoutes: direct,
      framework: async () => frameworkOf(framed),
    });
  });
  afterAll(() => held?.stop(0));
  return {
    current() {
      if (!held) throw new Error("the web server is there only while tests run");
      return held;
    },
  };
}
