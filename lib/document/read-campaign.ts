import type { CampaignContent, CampaignFiles, Fault } from "./types";

export type ReadCampaign = { ok: true; content: CampaignContent } | { ok: false; faults: readonly Fault[] };

/**
 * Parses and checks the files of a campaign.
 * @param pictures names of the files in its `pictures/`; by default none is missed.
 */
export function readCampaign(_files: CampaignFiles, _pictures?: ReadonlySet<string>): ReadCampaign {
  throw new Error("not written yet");
}
