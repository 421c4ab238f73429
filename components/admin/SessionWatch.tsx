"use client";

import { useEffect } from "react";
import { REFRESH_HEADER } from "@/lib/http/refresh-header";

/** How often the session is asked for, in seconds. */
const WATCH_SECONDS = 15;
/** How long to wait before asking again, in seconds: while a session gets another id, it seems to have ended. */
const RENEWAL_SECONDS = 1;

async function hasEnded(): Promise<boolean> {
  const answer = await fetch("/api/admin/session", { headers: { [REFRESH_HEADER]: "yes" } });
  return answer.status === 401;
}

/** Takes the page off the screen once its session has ended, here or elsewhere. Without JavaScript it leaves after the idle time. */
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
    // A request that is lost now is made again soon.
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
