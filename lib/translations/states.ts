import { createHash } from "node:crypto";

/**
 * `outdated`: the original has changed since it was translated. `reviewed`: somebody has checked it against the
 * original as it is. Everything else that is there is a `draft`.
 */
export type PartState = "missing" | "draft" | "outdated" | "reviewed";
export const PART_STATES = ["missing", "outdated", "draft", "reviewed"] as const satisfies PartState[];

/** A part of the original and its translation, by their hashes; null if it is missing. */
export type HashedPart = { key: string; originalHash: string; translationHash: string | null };

/** What is known of a translated part: what it was made from, and who made and checked it. */
export type Origin = {
  part: string;
  original: string;
  originalHash: string;
  translationHash: string;
  changedAt: Date | null;
  changedBy: string | null;
  reviewedAt: Date | null;
  reviewedBy: string | null;
};

/** Returns the SHA-256 of a text, in hexadecimal. */
export function hashOf(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

/**
 * Finds what is known of each translated part. It follows the text: when parts are inserted or removed, others
 * get other keys. What was known of a text that is gone holds for no other.
 */
export function originsOf(
  parts: readonly HashedPart[],
  known: readonly Origin[],
): ReadonlyMap<string, Origin> {
  const found = new Map<string, Origin>();
  const left = new Set(known);
  const pass = (is: (part: HashedPart, origin: Origin) => boolean) => {
    for (const part of parts) {
      if (part.translationHash === null || found.has(part.key)) continue;
      for (const origin of left) {
        if (origin.translationHash !== part.translationHash || !is(part, origin)) continue;
        found.set(part.key, origin);
        left.delete(origin);
        break;
      }
    }
  };
  pass((part, origin) => origin.part === part.key && origin.originalHash === part.originalHash);
  pass((part, origin) => origin.originalHash === part.originalHash);
  pass((part, origin) => origin.part === part.key);
  pass(() => true);
  return found;
}

/** Returns the state of a part, by what is known of it. */
export function stateOf(part: HashedPart, origin: Origin | undefined): PartState {
  if (part.translationHash === null) return "missing";
  if (!origin) return "draft";
  if (origin.originalHash !== part.originalHash) return "outdated";
  return origin.reviewedAt === null ? "draft" : "reviewed";
}
