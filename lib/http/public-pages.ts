import { randomUUID } from "node:crypto";
import { announce, listen } from "@/lib/announcements";
import { log } from "@/lib/log";
import { perProcess } from "@/lib/per-process";
import { settings } from "@/lib/settings";
import { PageCache } from "./page-cache";

const CHANNEL = "public_pages";

/** Identifies this process in its own announcements. */
const owner = perProcess("http/public-pages owner", randomUUID);

/**
 * The rendered public pages of this process.
 * Clearing them clears those of every process, at most once a second.
 */
export const publicPages = perProcess(
  "http/public-pages",
  () =>
    new PageCache(() => {
      announce(CHANNEL, owner).catch((error: unknown) => log.error("a change was not announced", error));
    }),
);

/**
 * Called when a signature was confirmed, corrected or withdrawn here.
 * Pages are cleared only when the public figures change: clearing on each signature would reveal when it
 * happened. Only a demonstration clears them at once.
 */
export function signaturesChanged(): void {
  if (settings().figuresAtOnce) publicPages.clear();
}

/**
 * Clears the public pages whenever another process, or somebody at the database, has changed what they show.
 * @param changed is called at every change, including those made by this process.
 */
export function followChanges(signal: AbortSignal, changed: () => void = () => {}): Promise<void> {
  return listen(
    CHANNEL,
    (payload) => {
      if (payload !== owner) publicPages.forget();
      changed();
    },
    signal,
  );
}
