import { type Audience, audienceOf } from "@/lib/disclosure";
import { type Access, mayIn } from "@/lib/roles";
import type { Actor } from "./actor";

/** How somebody may read the log: as which audience, and the entries of which campaigns; undefined for all. */
export type LogReader = { audience: Audience; campaigns: readonly string[] | undefined };

/**
 * Returns how somebody may read the log. Those who may only in single campaigns read what names one of these, and
 * nothing that places it among the other entries.
 */
export function logReader({ actor, access }: { actor: Actor; access: Access }): LogReader {
  if (mayIn(access, null, "read log")) {
    const may = () => mayIn(access, null, "read names");
    return { audience: audienceOf({ actor, may }), campaigns: undefined };
  }
  const campaigns = [...access.inCampaigns.keys()].filter((slug) => mayIn(access, slug, "read log"));
  return { audience: "viewer", campaigns };
}
