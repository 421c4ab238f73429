// Keeps the desk's figures fresh while somebody looks at it, without a full reload. Compiled by lib/http/enhancement.ts.
import { REFRESH_HEADER } from "@/lib/admin/refresh-header";

const EVERY_MILLISECONDS = 15_000;

/** Nobody must lose a place, a button or a selection under their hands. */
function isInUse(main: Element): boolean {
  return main.contains(document.activeElement) || document.getSelection()?.isCollapsed === false;
}

async function refresh(): Promise<void> {
  const main = document.querySelector("main");
  if (!main || document.visibilityState !== "visible" || isInUse(main)) return;
  const answer = await fetch(location.href, { headers: { [REFRESH_HEADER]: "yes" } });
  // The session is over: the reload leads to the sign-in and back.
  if (answer.redirected) return location.reload();
  if (!answer.ok) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("main");
  if (!fresh || isInUse(main)) return;
  const scrolled = [...main.querySelectorAll(".scroll")].map((box) => box.scrollTop);
  main.replaceWith(fresh);
  fresh.querySelectorAll(".scroll").forEach((box, place) => {
    box.scrollTop = scrolled[place] ?? 0;
  });
}

// A request that is lost now is made again soon.
setInterval(() => refresh().catch(() => {}), EVERY_MILLISECONDS);
