import { recordAudit } from "@/lib/audit";
import { database } from "@/lib/db/client";
import { hashUnlessBusy, type PasswordMistake, passwordMistake } from "./passwords";
import { endAllSessions, noteSecondFactor, sessionOf } from "./sessions";
import { proveInSession } from "./sign-in";

/**
 * `refused`: the current password or the code was wrong. `ended`: there is no session, or this was one wrong
 * attempt too many and ended it. `busy`: too many passwords are being hashed; nothing was changed.
 */
export type PasswordChange =
  | { kind: "changed"; sessionToken: string }
  | { kind: "invalid"; password: PasswordMistake }
  | { kind: "refused"; clockOff: boolean }
  | { kind: "ended" }
  | { kind: "busy" };

/**
 * Sets a new password for the signed-in person, who must give the current one and a code (OWASP ASVS
 * 5.0, 6.2.3). Ends their other sessions and deletes their enrolment links. This session gets a new
 * token, which is returned.
 */
export async function changePassword(
  request: Request,
  { present, password, code }: { present: string; password: string; code: string },
): Promise<PasswordChange> {
  const session = await sessionOf(request);
  if (session === null) return { kind: "ended" };
  const { actor } = session;
  const mistake = await passwordMistake(password, actor.label);
  if (mistake !== null) return { kind: "invalid", password: mistake };
  const passwordHash = await hashUnlessBusy(password);
  if (passwordHash === null) return { kind: "busy" };
  const proof = await proveInSession(request, session, { password: present, code });
  if (proof.kind !== "proved") return proof;
  return database().$transaction(async (transaction) => {
    await transaction.adminAccount.update({
      where: { id: actor.id },
      data: { passwordHash, wrongCodes: 0, wrongCodeAt: null },
    });
    await transaction.adminEnrolment.deleteMany({ where: { accountId: actor.id } });
    await endAllSessions(transaction, actor.id, session.sessionId);
    const sessionToken = await noteSecondFactor(session.sessionId, actor, proof.factor, transaction);
    await recordAudit({ actor, action: "account.password", subject: actor.id, detail: {} }, transaction);
    return { kind: "changed", sessionToken };
  });
}
