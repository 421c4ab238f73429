"use server";

import { z } from "zod";
import { deskAction } from "@/app/admin/_desk/desk-action";
import { done, invalid, redirectTo } from "@/app/admin/_desk/outcome";
import { ownPath } from "@/app/admin/_desk/own-path";
import { deskRequest, endSession, renewSession } from "@/app/admin/_desk/visit";
import { CLOCK_IS_OFF, CODE_NOT_TAKEN } from "@/components/admin/code-words";
import { dropDraft, proveAgain } from "@/lib/accounts";

/** Deletes the draft saved when a session ended. */
export const discardDraft = deskAction("session.discard-draft", z.object({}), async ({ actor }) => {
  await dropDraft(actor.id);
  return done("The draft has been deleted.");
});

/** Checks a code and returns to the page that asked for it. */
export const proveForPage = deskAction(
  "session.code",
  z.object({ code: z.string(), back: z.string() }),
  async ({ form }) => {
    const proof = await proveAgain(await deskRequest("POST"), form.code);
    switch (proof.kind) {
      case "ended":
        return endSession();
      case "refused":
        return invalid("code", proof.clockOff ? CLOCK_IS_OFF : CODE_NOT_TAKEN);
      case "proved":
        await renewSession(proof.sessionToken);
        return redirectTo(ownPath(form.back));
    }
  },
);
