"use client";

import { type RefObject, useEffect, useRef, useState } from "react";
import { REFRESH_HEADER } from "@/lib/http/refresh-header";

const REFRESH_SECONDS = 15;
/** After this time a request is given up, in seconds. */
const TIMEOUT_SECONDS = 15;

/** Whether the reader's hands are in a part of the page: the focus, or a selection of text. */
function isInUse(part: Element): boolean {
  const selection = document.getSelection();
  const selects =
    selection !== null && !selection.isCollapsed && selection.getRangeAt(0).intersectsNode(part);
  return selects || part.contains(document.activeElement);
}

/**
 * Keeps what a part of a page shows up to date. Nothing changes while the page is hidden or the reader uses the
 * part. The requests do not keep an idle session alive; components/admin/SessionWatch.tsx handles its end.
 * @param first what the server has rendered. A new one replaces what was fetched since.
 * @param read reads what `address` answers.
 * @param seconds how often to ask.
 * @returns what to show, and a reference for the element that shows it.
 */
export function useFresh<Shown>(
  first: Shown,
  address: string,
  read: (text: string) => Shown,
  seconds = REFRESH_SECONDS,
): { fresh: Shown; part: RefObject<HTMLDivElement | null> } {
  const part = useRef<HTMLDivElement>(null);
  const [fetched, setFetched] = useState({ since: first, shown: first });
  useEffect(() => {
    const mayChange = () =>
      part.current !== null && document.visibilityState === "visible" && !isInUse(part.current);
    const refresh = async () => {
      const answer = await fetch(address, {
        headers: { accept: "application/json", [REFRESH_HEADER]: "yes" },
        signal: AbortSignal.timeout(TIMEOUT_SECONDS * 1000),
      });
      if (!answer.ok) return;
      const shown = read(await answer.text());
      if (mayChange()) setFetched({ since: first, shown });
    };
    // One request at a time, however slow the answers are.
    let isAsking = false;
    const timer = setInterval(() => {
      if (isAsking || !mayChange()) return;
      isAsking = true;
      // A failed request is retried soon.
      const done = () => {
        isAsking = false;
      };
      refresh().then(done, done);
    }, seconds * 1000);
    return () => clearInterval(timer);
  }, [first, address, read, seconds]);
  return { fresh: fetched.since === first ? fetched.shown : first, part };
}
