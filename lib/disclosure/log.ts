import type { Audience } from "./audience";

/**
 * What the actions begin with whose entries every administrator may read. The others are about people: their order alone
 * tells whether a look-up found somebody. A new action is left out until it is listed here.
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
  "session.",
  "token.",
] as const;

/**
 * What an audience may read of the audit log: all of it (`null`), or entries whose action begins with one of these, without
 * their places and hashes, whose gaps would tell of the rest.
 */
export function openActions(audience: Audience): readonly string[] | null {
  return audience === "trusted" ? null : OPEN_ACTIONS;
}
