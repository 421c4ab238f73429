// Keeps figures of the desk fresh while somebody looks at them, without a full reload. Compiled by app/(public)/_pages/enhancement.ts.
import { REFRESH_HEADER } from "@/lib/http/refresh-header";

/** A page may name the one part that is fetched anew, and how often in seconds; by itself it is all of it. */
const PART = "[data-refresh]";
const USUAL_SECONDS = 15;

const named = document.querySelector<HTMLElement>(PART);
const selector = named ? PART : "main";

/** Nobody must lose a place, a button or a selection under their hands. */
function isInUse(part: Element): boolean {
  return part.contains(document.activeElement) || document.getSelection()?.isCollapsed === false;
}

async function refresh(): Promise<void> {
  const part = document.querySelector(selector);
  if (!part || document.visibilityState !== "visible" || isInUse(part)) return;
  const answer = await fetch(location.href, { headers: { [REFRESH_HEADER]: "yes" } });
  // Led to the sign-in: the session is over, and components/browser/desk-watch.ts sees to it.
  if (answer.redirected || !answer.ok) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector(selector);
  if (!fresh || isInUse(part)) return;
  const scrolled = [...part.querySelectorAll(".scroll")].map((box) => box.scrollTop);
  part.replaceWith(fresh);
  fresh.querySelectorAll(".scroll").forEach((box, place) => {
    box.scrollTop = scrolled[place] ?? 0;
  });
}

// A request that is lost now is made again soon.
setInterval(() => refresh().catch(() => {}), Number(named?.dataset.refresh ?? USUAL_SECONDS) * 1000);
