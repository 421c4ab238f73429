"use client";

import { useEffect } from "react";
import { watchSession } from "@/components/browser/watch-session";

/** Hides the page once its session has ended. Without JavaScript the page leaves after the idle time. */
export function SessionWatch({ idleSeconds }: { idleSeconds: number }) {
  useEffect(watchSession, []);
  return (
    <noscript>
      <meta httpEquiv="refresh" content={`${idleSeconds};url=/admin/sign-in`} />
    </noscript>
  );
}
