import { type WorkStore, workAsyncStorage } from "next/dist/server/app-render/work-async-storage.external";
import {
  type WorkUnitStore,
  workUnitAsyncStorage,
} from "next/dist/server/app-render/work-unit-async-storage.external";
import { HeadersAdapter } from "next/dist/server/web/spec-extension/adapters/headers";
import { RequestCookies } from "next/dist/server/web/spec-extension/cookies";

/** Runs what asks the framework for the request under way, as next-auth does, outside of a running site. */
export function withinFramework<T>(request: Request, work: () => T): T {
  const unit = {
    type: "request",
    phase: "render",
    headers: HeadersAdapter.seal(request.headers),
    cookies: new RequestCookies(request.headers),
  } as unknown as WorkUnitStore;
  const store = { route: "" } as WorkStore;
  return workAsyncStorage.run(store, () => workUnitAsyncStorage.run(unit, work));
}
