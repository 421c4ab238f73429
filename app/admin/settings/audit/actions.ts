"use server";

import { z } from "zod";
import { deskAction } from "@/app/admin/_desk/desk-action";
import { done } from "@/app/admin/_desk/outcome";
import { checkAudit } from "@/lib/audit";

/** Verifies the whole chain. The page shows the result. */
export const checkLog = deskAction("audit.check", z.object({}), async ({ actor }) => {
  await checkAudit(actor);
  return done("The whole log has been checked. The result is above.");
});
