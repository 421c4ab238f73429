/** The desk's pages in navigation order, and the lowest role that may open each. */
export const PLACES = [
  { href: "/admin", name: "Desk", role: "viewer" },
  { href: "/admin/sharing", name: "Sharing", role: "viewer" },
  { href: "/admin/signatories", name: "Signatories", role: "exporter" },
  { href: "/admin/review", name: "Likely fakes", role: "exporter" },
  { href: "/admin/exports", name: "Exports", role: "exporter" },
  { href: "/admin/campaign", name: "Campaign", role: "owner" },
  { href: "/admin/limits", name: "Limits", role: "owner" },
  { href: "/admin/audit", name: "Audit log", role: "viewer" },
  { href: "/admin/access", name: "Access", role: "owner" },
  { href: "/admin/settings/account", name: "Your account", role: "viewer" },
] as const;

export type ShownRole = (typeof PLACES)[number]["role"];

/** The roles by rank. */
export const RIGHTS: Record<ShownRole, number> = { viewer: 0, exporter: 1, owner: 2 };
