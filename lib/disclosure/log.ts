import type { Audience } from "./audience";

/**
 * Prefixes of the actions whose entries every administrator may read. The other entries are about
 * people: their order alone tells whether a look-up found somebody. A new action stays hidden
 * until it is listed here.
 */
const OPEN_ACTIONS = [
  "account.",
  "alarm.",
  "audit.",
  "campaign.",
  "export.",
  "export-settings.",
  "limits.",
  "mail.",
  "picture.",
  "session.",
  "token.",
  "translation.",
] as const;

/**
 * Returns what an audience may read of the audit log: all of it (`null`), or entries whose action starts with
 * one of these prefixes, without sequence numbers and hashes, whose gaps would reveal the rest.
 */
export function openActions(audience: Audience): readonly string[] | null {
  return audience === "trusted" ? null : OPEN_ACTIONS;
}
