import { randomUUID } from "node:crypto";
import { announce, listen } from "@/lib/announcements";
import { log } from "@/lib/log";
import { perProcess } from "@/lib/per-process";
import { settings } from "@/lib/settings";
import { PageCache } from "./page-cache";

const CHANNEL = "public_pages";

/** Names this process in its own announcements. */
const owner = perProcess("http/public-pages owner", randomUUID);

/** The rendered public pages of this process. To clear them clears those of every process, at most once a second. */
export const publicPages = perProcess(
  "http/public-pages",
  () =>
    new PageCache(() => {
      announce(CHANNEL, owner).catch((error: unknown) => log.error("a change was not announced", error));
    }),
);

/**
 * A signature was confirmed, corrected or taken back here. Pages are cleared when the figures on them move; only a
 * demonstration clears them at once. To clear them for each change would tell everybody when it happened.
 */
export function signaturesChanged(): void {
  if (settings().figuresAtOnce) publicPages.clear();
}

/**
 * Forgets the public pages whenever another process, or somebody at the database, has changed what they show.
 * @param changed is called at every change, also one made by this process.
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
