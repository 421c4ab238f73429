"use client";

import { useEffect } from "react";
import { REFRESH_HEADER } from "@/lib/http/refresh-header";

/** How often the session is checked, in seconds. */
const WATCH_SECONDS = 15;
/**
 * How long to wait before checking again, in seconds: while a session's id is being renewed, it looks ended.
 */
const RENEWAL_SECONDS = 1;

async function hasEnded(): Promise<boolean> {
  const answer = await fetch("/api/admin/session", {
    headers: { accept: "application/json", [REFRESH_HEADER]: "yes" },
  });
  return answer.status === 401;
}

/**
 * Hides the page once its session has ended, here or elsewhere. Without JavaScript the page leaves after the
 * idle time.
 */
export function SessionWatch({ idleSeconds }: { idleSeconds: number }) {
  useEffect(() => {
    const watch = async () => {
      if (!(await hasEnded())) return;
      await new Promise((resolve) => setTimeout(resolve, RENEWAL_SECONDS * 1000));
      if (!(await hasEnded())) return;
      document.body.remove();
      location.replace(
        `/admin/sign-in?callbackUrl=${encodeURIComponent(location.pathname + location.search)}`,
      );
    };
    // A failed request is retried soon.
    const ask = () => void watch().catch(() => {});
    const timer = setInterval(ask, WATCH_SECONDS * 1000);
    const shown = ({ persisted }: PageTransitionEvent) => persisted && ask();
    const visible = () => document.visibilityState === "visible" && ask();
    addEventListener("pageshow", shown);
    document.addEventListener("visibilitychange", visible);
    return () => {
      clearInterval(timer);
      removeEventListener("pageshow", shown);
      document.removeEventListener("visibilitychange", visible);
    };
  }, []);
  return (
    <noscript>
      <meta httpEquiv="refresh" content={`${idleSeconds};url=/admin/sign-in`} />
    </noscript>
  );
}
