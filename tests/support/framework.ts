import { type WorkStore, workAsyncStorage } from "next/dist/server/app-render/work-async-storage.external";
import {
  type WorkUnitStore,
  workUnitAsyncStorage,
} from "next/dist/server/app-render/work-unit-async-storage.external";
import { HeadersAdapter } from "next/dist/server/web/spec-extension/adapters/headers";
import { MutableRequestCookiesAdapter } from "next/dist/server/web/spec-extension/adapters/request-cookies";
import { RequestCookies } from "next/dist/server/web/spec-extension/cookies";

/**
 * Runs what asks the framework for the request under way, as pages, actions and next-auth do, outside of a running site.
 * @param answered takes the cookies that a Server Action sets; without it nothing may be set.
 */
export function withinFramework<T>(request: Request, work: () => T, answered?: Headers): T {
  const cookies = new RequestCookies(request.headers);
  const unit = {
    type: "request",
    phase: answered ? "action" : "render",
    headers: HeadersAdapter.seal(request.headers),
    cookies,
    userspaceMutableCookies: MutableRequestCookiesAdapter.wrap(cookies, (set) => {
      answered?.delete("set-cookie");
      for (const cookie of set) answered?.append("set-cookie", cookie);
    }),
  } as unknown as WorkUnitStore;
  const store = { route: "", page: "" } as WorkStore;
  return workAsyncStorage.run(store, () => workUnitAsyncStorage.run(unit, work));
}
