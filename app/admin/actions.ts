"use server";

import { redirect } from "next/navigation";
import { z } from "zod";
import { deskAction, deskPath } from "@/app/admin/_desk/visit";
import { dropDraft } from "@/lib/accounts";

/** Deletes the draft saved when a session ended. */
export const discardDraft = deskAction("session.discard-draft", z.object({}), async ({ actor }) => {
  await dropDraft(actor.id);
  redirect(await deskPath());
});
