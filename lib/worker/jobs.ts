import { forgetOldMinutes, raiseAlarms } from "@/lib/abuse";
import { forgetDrafts } from "@/lib/accounts";
import { foldSignatureChanges } from "@/lib/desk";
import { publishCounts } from "@/lib/disclosure";
import { publishDue } from "@/lib/editing";
import { failLostExports } from "@/lib/export";
import { forgetErasedBodies, forgetSubmissions, forgetWebhookDeliveries, noteEarlyReports } from "@/lib/mail";
import { forgetAllowances } from "@/lib/mailbox";
import { advanceInvalidation, findReviewGroups } from "@/lib/moderation";
import { forgetNetworks } from "@/lib/network";
import { narrowNameBuckets } from "@/lib/people";
import { forgetEndedAccess, purge } from "@/lib/privacy";
import { advanceGoals, refreshSupporters } from "@/lib/sharing";
import { refreshCountryFigures } from "@/lib/signing";

/** Periodic work. Every worker runs all jobs, so each must be safe to run in several processes at once. */
export type Job = {
  /** As it appears in the log. */
  name: string;
  everySeconds: number;
  /** Resolves with true when there is more to do: the job then runs again without waiting. */
  run(): Promise<unknown>;
  /** Other jobs do not wait for it. Abandoned if the worker stops meanwhile. */
  inBackground?: true;
  /** Postponed while many people sign, at most for this long. */
  postponedInRushSeconds?: number;
};

/** All periodic work of the worker. To add a job, add a row. */
export const JOBS: readonly Job[] = [
  {
    name: "publish counts",
    everySeconds: 2,
    run: async () => {
      await publishCounts();
      await advanceGoals();
    },
  },
  { name: "mark signatures invalid by rule", everySeconds: 1, run: advanceInvalidation },
  { name: "publish scheduled campaigns", everySeconds: 5, run: publishDue },
  {
    name: "refresh figures",
    everySeconds: 60,
    run: async () => {
      await foldSignatureChanges();
      await refreshCountryFigures();
      await refreshSupporters();
    },
  },
  { name: "raise alarms", everySeconds: 60, run: raiseAlarms },
  { name: "match early mail reports", everySeconds: 60, run: noteEarlyReports },
  { name: "fail lost exports", everySeconds: 60, run: failLostExports },
  { name: "delete expired rate limits", everySeconds: 60, run: forgetOldMinutes },
  { name: "delete network keys", everySeconds: 60, run: forgetNetworks },
  { name: "delete expired personal data", everySeconds: 60, run: purge },
  { name: "delete bodies of erased signers' mail", everySeconds: 60, run: forgetErasedBodies },
  { name: "delete kept submissions", everySeconds: 60, run: forgetSubmissions },
  { name: "delete mail allowances", everySeconds: 60, run: forgetAllowances },
  { name: "delete webhook deliveries", everySeconds: 60, run: forgetWebhookDeliveries },
  { name: "delete drafts", everySeconds: 600, run: forgetDrafts },
  { name: "delete ended access", everySeconds: 60, run: forgetEndedAccess },
  {
    // Finding that nobody is left to move reads much of a large campaign.
    name: "narrow name buckets",
    everySeconds: 3_600,
    run: narrowNameBuckets,
    postponedInRushSeconds: 24 * 3_600,
  },
  // Decrypts every signature, so it takes long when there are many.
  {
    name: "find likely fakes",
    everySeconds: 600,
    run: findReviewGroups,
    inBackground: true,
    postponedInRushSeconds: 3_600,
  },
];
