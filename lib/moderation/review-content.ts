import { open } from "@/lib/db/encryption";
import { readRule, type SignatureRule } from "@/lib/signatories";

export const GROUP_KINDS = ["joke-name", "look-alike", "network", "burst", "same-name"] as const;
export type GroupKind = (typeof GROUP_KINDS)[number];

/** What is kept, sealed, of a group. Nothing outside of it joins the group to its signatures. */
export type GroupContent = {
  rule: SignatureRule;
  /** The name that its signatures share, as one of them has it. */
  example: string | null;
  /** When the newest of them was made. */
  lastAt: Date;
};

export function contentPlace(id: string) {
  return { table: "review_group", column: "content", id } as const;
}

/** Opens what is kept of a group. */
export function readContent(id: string, dataKeyId: string, sealed: Uint8Array): GroupContent {
  // Written by the search, from this very type.
  const { rule, example, lastAt } = JSON.parse(open(sealed, dataKeyId, contentPlace(id)));
  return { rule: readRule(JSON.stringify(rule)), example, lastAt: new Date(lastAt) };
}
