// Takes a page of the desk off the screen once its session has ended, here or elsewhere. Compiled by app/(public)/_pages/enhancement.ts.
import { REFRESH_HEADER } from "@/lib/http/refresh-header";

/** How often the session is asked for, in seconds. */
const WATCH_SECONDS = 15;

/** How long the answer is waited for that gives a session another id, in seconds: until then it seems to have ended. */
const RENEWAL_SECONDS = 1;

async function hasEnded(): Promise<boolean> {
  const headers = { [REFRESH_HEADER]: "yes" };
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

// A request that is lost now is made again soon.
const ask = () => void watch().catch(() => {});
setInterval(ask, WATCH_SECONDS * 1000);
// A page that the browser kept, or a tab that slept, asks at once.
addEventListener("pageshow", ({ persisted }) => persisted && ask());
document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && ask());
