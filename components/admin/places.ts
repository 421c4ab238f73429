import type { Permission } from "@/lib/roles";

type Place = { path: string; name: string; needs: Permission };

/** A campaign's pages in navigation order, below `/admin/{slug}`, and what one must be allowed to open each. */
export const CAMPAIGN_PLACES: readonly Place[] = [
  { path: "", name: "Overview", needs: "read figures" },
  { path: "/text", name: "Text", needs: "write" },
  { path: "/translations", name: "Translations", needs: "read drafts" },
  { path: "/versions", name: "Versions", needs: "read drafts" },
  { path: "/pictures", name: "Pictures", needs: "read drafts" },
  { path: "/news", name: "News", needs: "write" },
  { path: "/sharing", name: "Sharing", needs: "read figures" },
  { path: "/signatories", name: "Signatories", needs: "read names" },
  { path: "/review", name: "Likely fakes", needs: "read names" },
  { path: "/exports", name: "Exports", needs: "export" },
  { path: "/paper", name: "Paper signatures", needs: "run" },
  { path: "/limits", name: "Limits", needs: "run" },
  { path: "/settings", name: "Campaign settings", needs: "run" },
];

/** The pages that belong to no campaign. */
export const OTHER_PLACES: readonly Place[] = [
  { path: "/admin/settings/team", name: "Team", needs: "manage access" },
  { path: "/admin/settings/audit", name: "Audit log", needs: "sign in" },
  { path: "/admin/settings/account", name: "Your account", needs: "sign in" },
];
