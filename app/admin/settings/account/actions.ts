"use server";

import { z } from "zod";
import { deskAction, oneOf } from "@/app/admin/_desk/desk-action";
import { done, invalid } from "@/app/admin/_desk/outcome";
import { deskRequest, endSession, renewSession } from "@/app/admin/_desk/visit";
import { CLOCK_IS_OFF } from "@/components/admin/code-words";
import { passwordSentence } from "@/components/admin/password-words";
import { changePassword, endOwnSessions, PASSWORD_MIN_CHARACTERS, setTimeZone } from "@/lib/accounts";

const CHOOSE_TIME_ZONE = "Time zone: choose one from the list.";
const REFUSED =
  "Your current password or the code was not accepted. Each code works once, and only while the app shows it. After many failures, wait longer.";

/** Changes the caller's password; requires the current one and a code. */
export const changeOwnPassword = deskAction(
  "account.password",
  z.object({ present: z.string(), password: z.string(), code: z.string() }),
  async ({ form }) => {
    const change = await changePassword(await deskRequest("POST"), form);
    switch (change.kind) {
      case "changed":
        await renewSession(change.sessionToken);
        return done("Your password has been changed. All your other sessions have ended.");
      case "invalid":
        return invalid("password", passwordSentence(change.password, PASSWORD_MIN_CHARACTERS));
      case "refused":
        return change.clockOff ? invalid("code", CLOCK_IS_OFF) : invalid("present", REFUSED);
      case "ended":
        return endSession();
      case "busy":
        return invalid("present", "We could not check your password just now. Please try again in a moment.");
    }
  },
);

/** Ends one of the caller's sessions. */
export const endOneSession = deskAction(
  "account.end-session",
  z.object({ session: z.uuid("This session is not known.") }),
  async ({ actor, form }) => {
    await endOwnSessions({ one: form.session }, actor);
    return done("The session has ended.");
  },
);

/** Ends all of the caller's sessions except this one. */
export const endOtherSessions = deskAction(
  "account.end-others",
  z.object({}),
  async ({ actor, sessionId }) => {
    if (sessionId !== null) await endOwnSessions({ allBut: sessionId }, actor);
    return done("All your other sessions have ended.");
  },
);

/** The form with a button for each session, and one for all others. */
export const endSessions = oneOf({ "end-session": endOneSession, "end-others": endOtherSessions });

/** Sets the time zone that the desk shows the caller's times in. */
export const setOwnTimeZone = deskAction(
  "account.time-zone",
  z.object({ timeZone: z.string(CHOOSE_TIME_ZONE) }),
  async ({ actor, form: { timeZone } }) => {
    const { kind } = await setTimeZone(actor, timeZone);
    return kind === "unknown"
      ? invalid("timeZone", CHOOSE_TIME_ZONE)
      : done(`Times are now shown in the time zone ${timeZone}.`);
  },
);
