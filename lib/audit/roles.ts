/** Roles, least first. Each has the rights of those before it. */
export const ROLES = ["viewer", "exporter", "owner"] as const;
export type Role = (typeof ROLES)[number];

/** Who acts: a signed-in person, or a script with an API token. */
export type Actor = { kind: "account" | "token"; id: string; label: string; role: Role };

export function isRole(text: string): text is Role {
  return (ROLES as readonly string[]).includes(text);
}

/** Whether a role includes the rights of another. */
export function includesRole(role: Role, needed: Role): boolean {
  return ROLES.indexOf(role) >= ROLES.indexOf(needed);
}
