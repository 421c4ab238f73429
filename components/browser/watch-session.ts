import { REFRESH_HEADER } from "@/lib/http/refresh-header";

/** How often the session is checked, in seconds. */
const WATCH_SECONDS = 15;

/** How long to wait for a response that renews the session's id, in seconds: until then it looks ended. */
const RENEWAL_SECONDS = 1;

/**
 * Announces on the window that the session has ended. Who prevents it sends a form that is not saved yet, which
 * leads to the sign-in, too.
 */
export const SESSION_ENDED = "sessionended";

async function hasEnded(): Promise<boolean> {
  const headers = { accept: "application/json", [REFRESH_HEADER]: "yes" };
  const answer = await fetch("/api/admin/session", { headers });
  return answer.status === 401;
}

async function watch(): Promise<void> {
  if (!(await hasEnded())) return;
  await new Promise((resolve) => setTimeout(resolve, RENEWAL_SECONDS * 1000));
  if (!(await hasEnded())) return;
  if (!dispatchEvent(new Event(SESSION_ENDED, { cancelable: true }))) {
    document.body.hidden = true;
    return;
  }
  document.body.remove();
  location.replace(`/admin/sign-in?callbackUrl=${encodeURIComponent(location.pathname + location.search)}`);
}

/**
 * Hides the page once its session has ended, here or elsewhere.
 * @returns what stops watching.
 */
export function watchSession(): () => void {
  // A failed request is retried soon.
  const ask = () => void watch().catch(() => {});
  const timer = setInterval(ask, WATCH_SECONDS * 1000);
  // A page from the back/forward cache, or a tab that slept, checks at once.
  const shown = ({ persisted }: PageTransitionEvent) => persisted && ask();
  const visible = () => document.visibilityState === "visible" && ask();
  addEventListener("pageshow", shown);
  document.addEventListener("visibilitychange", visible);
  return () => {
    clearInterval(timer);
    removeEventListener("pageshow", shown);
    document.removeEventListener("visibilitychange", visible);
  };
}
