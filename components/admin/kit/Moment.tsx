"use client";

import { type MomentFormat, moment } from "@/components/admin/moment";
import { useTimeZone } from "./time-zone";

type MomentProps = {
  at: Date | null;
  format?: MomentFormat;
  /** Shown if there is no time. */
  otherwise?: string;
};

/** Shows a time in the reader's time zone, to the minute unless told otherwise. */
export function Moment({ at, format = "minute", otherwise = "–" }: MomentProps) {
  const timeZone = useTimeZone();
  if (at === null) return otherwise;
  return <time dateTime={at.toISOString()}>{moment(at, timeZone, format)}</time>;
}

/** Shows a day of which no time is known, stored as its midnight in UTC. It is the same in every time zone. */
export function Day({ on }: { on: Date }) {
  const day = moment(on, "UTC", "day");
  return <time dateTime={day}>{day}</time>;
}
