import type { Role } from "@/lib/roles";

/** Who acts: a signed-in person, a script with an API token, or a translator with a link. The role is their own, which holds everywhere. */
export type Actor = { kind: "account" | "token" | "link"; id: string; label: string; role: Role };
