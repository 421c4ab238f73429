/** What a role may allow. Each action of the desk needs one of them. */
export const PERMISSIONS = [
  /** One's own account and session, and the list of one's campaigns. */
  "sign in",
  "read figures",
  "read log",
  /** Signatories, and with them exact figures. */
  "read names",
  "export",
  "read drafts",
  /** Documents, pictures and news. */
  "write",
  "translate",
  /** Returns or approves drafts, and checks translations. */
  "review",
  "publish",
  /** Signatures, limits and goals. */
  "run",
  /** Closes, reopens, archives and hands over. */
  "close",
  "create",
  "run mail",
  "manage access",
] as const;
export type Permission = (typeof PERMISSIONS)[number];

export const ROLES = ["member", "viewer", "exporter", "translator", "reviewer", "editor", "owner"] as const;
export type Role = (typeof ROLES)[number];

/** The roles that somebody can have in a single campaign. */
export const CAMPAIGN_ROLES = ["viewer", "exporter", "translator", "reviewer", "editor", "owner"] as const;
export type CampaignRole = (typeof CAMPAIGN_ROLES)[number];

/** The roles of API tokens, which only read. */
export const TOKEN_ROLES = ["viewer", "exporter", "owner"] as const;
export type TokenRole = (typeof TOKEN_ROLES)[number];

const VIEW = ["sign in", "read figures", "read log"] as const;

/** What each role means and allows. A new permission is nobody's but an owner's until it is listed here. */
const TABLE: Record<Role, { meaning: string; may: readonly Permission[] }> = {
  member: { meaning: "only the campaigns in which they have a role", may: ["sign in"] },
  viewer: { meaning: "published figures and the audit log, never a name", may: VIEW },
  exporter: { meaning: "exact figures, signatories and exports", may: [...VIEW, "read names", "export"] },
  translator: { meaning: "writes translations, sees no name", may: [...VIEW, "read drafts", "translate"] },
  reviewer: {
    meaning: "checks drafts and translations and publishes what others wrote, sees no name",
    may: [...VIEW, "read drafts", "review", "publish"],
  },
  editor: {
    meaning: "writes campaigns, translations and news and publishes them, sees no name",
    may: [...VIEW, "read drafts", "write", "translate", "publish", "create"],
  },
  owner: { meaning: "everything", may: PERMISSIONS },
};

/** Permissions that concern more than one campaign. A role in a single campaign does not give them. */
const SITE_WIDE: ReadonlySet<Permission> = new Set(["create", "run mail", "manage access"]);

/** Somebody's own role, which holds everywhere, and their roles in single campaigns, by slug. */
export type Access = { role: Role; inCampaigns: ReadonlyMap<string, CampaignRole> };

/** Whether a role includes a permission, for somebody who has the role everywhere. */
export function roleMay(role: Role, permission: Permission): boolean {
  return TABLE[role].may.includes(permission);
}

/**
 * Whether somebody has a permission in a campaign, by their own role or by the one they have there; without a
 * campaign (null), by their own role alone.
 */
export function mayIn(
  { role, inCampaigns }: Access,
  campaign: string | null,
  permission: Permission,
): boolean {
  if (roleMay(role, permission)) return true;
  const there = campaign === null ? undefined : inCampaigns.get(campaign);
  return there !== undefined && !SITE_WIDE.has(permission) && roleMay(there, permission);
}

/** Returns everything that somebody may do in a campaign; without one (null), everywhere. */
export function permissionsIn(access: Access, campaign: string | null): readonly Permission[] {
  return PERMISSIONS.filter((permission) => mayIn(access, campaign, permission));
}

/** Returns what a role means, in a few words for those who give it. */
export function meaningOf(role: Role): string {
  return TABLE[role].meaning;
}
