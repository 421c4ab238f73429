"use client";

import { useSyncExternalStore } from "react";

const neverChanges = () => () => {};

/** Returns whether the browser has taken the page over: false on the server and in the first render. */
export function useHydrated(): boolean {
  return useSyncExternalStore(
    neverChanges,
    () => true,
    () => false,
  );
}
