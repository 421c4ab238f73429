"use client";

import { type ReactNode, useEffect, useRef, useState } from "react";
import { fetchPart } from "@/components/browser/fetch-part";

type RefreshedProps = { id: string; seconds: number; children: ReactNode };

/** Refreshing must not move the focus or a selection that is in use. */
function isInUse(part: Element): boolean {
  return part.contains(document.activeElement) || document.getSelection()?.isCollapsed === false;
}

/**
 * Refreshes a part of the page that has no forms. The framework's own refresh would keep an idle session alive: it
 * sends no header of ours.
 */
export function Refreshed({ id, seconds, children }: RefreshedProps) {
  const part = useRef<HTMLDivElement>(null);
  const [fresh, setFresh] = useState<{ html: string; instead: ReactNode } | null>(null);
  useEffect(() => {
    const isIdle = () => part.current !== null && !isInUse(part.current);
    const refresh = async () => {
      if (document.visibilityState !== "visible" || !isIdle()) return;
      const html = await fetchPart(id);
      if (html !== null && isIdle() && html !== part.current?.innerHTML)
        setFresh({ html, instead: children });
    };
    // A failed request is retried soon.
    const timer = setInterval(() => void refresh().catch(() => {}), seconds * 1000);
    return () => clearInterval(timer);
  }, [id, seconds, children]);
  // What the framework has rendered since is newer.
  return fresh !== null && fresh.instead === children ? (
    <div id={id} ref={part} key="fresh" dangerouslySetInnerHTML={{ __html: fresh.html }} />
  ) : (
    <div id={id} ref={part} key="rendered">
      {children}
    </div>
  );
}
