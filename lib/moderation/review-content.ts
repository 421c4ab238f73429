import { open } from "@/lib/db/encryption";
import { readRule, type SignatureRule } from "@/lib/signatories";

export const GROUP_KINDS = ["joke-name", "look-alike", "network", "burst", "same-name"] as const;
export type GroupKind = (typeof GROUP_KINDS)[number];

/** The sealed content of a group. Nothing else links the group to its signatures. */
export type GroupContent = {
  rule: SignatureRule;
  /** The name its signatures share, as one of them spells it. */
  example: string | null;
  /** When the newest of its signatures was made. */
  lastAt: Date;
};

export function contentPlace(id: string) {
  return { table: "review_group", column: "content", id } as const;
}

/** Opens a group's sealed content. */
export function readContent(id: string, dataKeyId: string, sealed: Uint8Array): GroupContent {
  // The review search wrote it, from this type.
  const { rule, example, lastAt } = JSON.parse(open(sealed, dataKeyId, contentPlace(id)));
  return { rule: readRule(JSON.stringify(rule)), example, lastAt: new Date(lastAt) };
}
