// Hides a desk page once its session has ended, here or elsewhere. Compiled by
// app/(public)/_pages/enhancement.ts.
import { REFRESH_HEADER } from "@/lib/http/refresh-header";

/** How often the session is checked, in seconds. */
const WATCH_SECONDS = 15;

/** How long to wait for a response that renews the session's id, in seconds: until then it looks ended. */
const RENEWAL_SECONDS = 1;

async function hasEnded(): Promise<boolean> {
  const headers = { accept: "application/json", [REFRESH_HEADER]: "yes" };
  const answer = await fetch("/api/admin/session", { headers });
  return answer.status === 401;
}

async function watch(): Promise<void> {
  if (!(await hasEnded())) return;
  await new Promise((resolve) => setTimeout(resolve, RENEWAL_SECONDS * 1000));
  if (!(await hasEnded())) return;
  document.body.remove();
  location.replace(`/admin/sign-in?callbackUrl=${encodeURIComponent(location.pathname + location.search)}`);
}

// A failed request is retried soon.
const ask = () => void watch().catch(() => {});
setInterval(ask, WATCH_SECONDS * 1000);
// A page from the back/forward cache, or a tab that slept, checks at once.
addEventListener("pageshow", ({ persisted }) => persisted && ask());
document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && ask());
