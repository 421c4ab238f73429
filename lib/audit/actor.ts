import type { Role } from "@/lib/roles";

/** Who acts: a signed-in person, or a script with an API token. The role is their own, which holds everywhere. */
export type Actor = { kind: "account" | "token"; id: string; label: string; role: Role };
