/** Who a figure about people is for. `trusted` may open single signatories anyway; all others must not tell one from it. */
export type Audience = "public" | "viewer" | "token" | "metrics" | "trusted";

/** What an administrator may be told: exact figures only with a role that opens signatories anyway. */
export function audienceOf({ kind, role }: { kind: "account" | "token"; role: string }): Audience {
  if (role === "exporter" || role === "owner") return "trusted";
  return kind === "token" ? "token" : "viewer";
}
