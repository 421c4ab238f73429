/**
 * Who a figure about people is for. `trusted` may open single signatories anyway; the others must not be
 * able to infer one from it.
 */
export type Audience = "public" | "viewer" | "token" | "metrics" | "trusted";

type Reader = { actor: { kind: "account" | "token" | "link" }; may: (permission: "read names") => boolean };

/** Returns an administrator's audience: exact figures only for those who may open signatories anyway. */
export function audienceOf({ actor, may }: Reader): Audience {
  if (may("read names")) return "trusted";
  return actor.kind === "token" ? "token" : "viewer";
}
