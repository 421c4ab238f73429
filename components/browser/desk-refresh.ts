// Refreshes the desk's figures without a full reload. Compiled by app/(public)/_pages/enhancement.ts.
import { REFRESH_HEADER } from "@/lib/http/refresh-header";

/** A page may mark one part to refresh, with an interval in seconds; by default everything is refreshed. */
const PART = "[data-refresh]";
const USUAL_SECONDS = 15;

const named = document.querySelector<HTMLElement>(PART);
const selector = named ? PART : "main";

/** Refreshing must not move the focus, a button or a selection that is in use. */
function isInUse(part: Element): boolean {
  return part.contains(document.activeElement) || document.getSelection()?.isCollapsed === false;
}

async function refresh(): Promise<void> {
  const part = document.querySelector(selector);
  if (!part || document.visibilityState !== "visible" || isInUse(part)) return;
  const answer = await fetch(location.href, { headers: { [REFRESH_HEADER]: "yes" } });
  // Redirected to sign-in: the session has ended, which components/browser/watch-session.ts handles.
  if (answer.redirected || !answer.ok) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector(selector);
  if (!fresh || isInUse(part)) return;
  const scrolled = [...part.querySelectorAll(".scroll")].map((box) => box.scrollTop);
  part.replaceWith(fresh);
  fresh.querySelectorAll(".scroll").forEach((box, place) => {
    box.scrollTop = scrolled[place] ?? 0;
  });
}

// A failed request is retried soon.
setInterval(() => refresh().catch(() => {}), Number(named?.dataset.refresh ?? USUAL_SECONDS) * 1000);
