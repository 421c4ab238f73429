import type { Campaign } from "@/lib/campaigns";
import { en } from "./en.ts";
import { faAF } from "./fa-AF.ts";
import { ps } from "./ps.ts";
import { ur } from "./ur.ts";

/** The call to Pakistan to stop expelling Afghans, in the four languages of those concerned. */
export const campaign: Campaign = {
  goal: 10_000,
  content: { en, ur, "fa-AF": faAF, ps },
};
