"use client";

import { createContext, type ReactNode, useContext } from "react";

const TimeZoneContext = createContext("UTC");

/** Shows the times of all desk pages inside it in one time zone. */
export function TimeZone({ zone, children }: { zone: string; children: ReactNode }) {
  return <TimeZoneContext.Provider value={zone}>{children}</TimeZoneContext.Provider>;
}

/** Returns the time zone in which the desk shows times. */
export function useTimeZone(): string {
  return useContext(TimeZoneContext);
}
