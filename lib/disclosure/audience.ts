/**
 * Who a figure about people is for. `trusted` may open single signatories anyway; the others must not be
 * able to infer one from it.
 */
export type Audience = "public" | "viewer" | "token" | "metrics" | "trusted";

/** Returns an administrator's audience: exact figures only with a role that opens signatories anyway. */
export function audienceOf({ kind, role }: { kind: "account" | "token"; role: string }): Audience {
  if (role === "exporter" || role === "owner") return "trusted";
  return kind === "token" ? "token" : "viewer";
}
