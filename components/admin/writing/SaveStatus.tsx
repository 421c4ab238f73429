"use client";

import { useTimeZone } from "@/components/admin/kit/time-zone";
import { moment } from "@/components/admin/moment";
import type { AutosaveState } from "./autosave";

/** Says whether what was written is saved. Shown only where JavaScript saves it. */
export function SaveStatus({ state }: { state: AutosaveState }) {
  const timeZone = useTimeZone();
  return (
    <p className="hint" role="status">
      {words(state, timeZone)}
    </p>
  );
}

function words(state: AutosaveState, timeZone: string): string {
  switch (state.kind) {
    case "saved":
      return state.at === null
        ? "What you write is saved in the draft by itself. Nothing is published."
        : `Saved at ${moment(state.at, timeZone).split(" ")[1] ?? ""}.`;
    case "waiting":
      return "Not saved yet …";
    case "saving":
      return "Saving …";
    case "offline":
      return "No connection to the desk. What you write stays on this page and is saved once the connection is back. Keep the page open.";
    case "conflict":
      return "Not saved: somebody else has changed the same lines. Choose below which to keep.";
    case "refused":
      return `Not saved: ${state.message}`;
  }
}
