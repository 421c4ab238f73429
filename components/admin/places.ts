type Place = { path: string; name: string; role: ShownRole };

/** The roles by rank. */
export const RIGHTS = { viewer: 0, exporter: 1, owner: 2 } as const;

export type ShownRole = keyof typeof RIGHTS;

/** A campaign's pages in navigation order, below `/admin/{slug}`, and the lowest role that may open each. */
export const CAMPAIGN_PLACES: readonly Place[] = [
  { path: "", name: "Overview", role: "viewer" },
  { path: "/sharing", name: "Sharing", role: "viewer" },
  { path: "/signatories", name: "Signatories", role: "exporter" },
  { path: "/review", name: "Likely fakes", role: "exporter" },
  { path: "/exports", name: "Exports", role: "exporter" },
  { path: "/paper", name: "Paper signatures", role: "owner" },
  { path: "/news", name: "News", role: "owner" },
  { path: "/pictures", name: "Pictures", role: "viewer" },
  { path: "/limits", name: "Limits", role: "owner" },
  { path: "/settings", name: "Campaign settings", role: "owner" },
];

/** The pages that belong to no campaign. */
export const OTHER_PLACES: readonly Place[] = [
  { path: "/admin/settings/team", name: "Team", role: "owner" },
  { path: "/admin/settings/audit", name: "Audit log", role: "viewer" },
  { path: "/admin/settings/account", name: "Your account", role: "viewer" },
];
