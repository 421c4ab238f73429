import { setTimeout as sleep } from "node:timers/promises";
import { Secret, TOTP } from "otpauth";

const STEP_MILLISECONDS = 30_000;
/** What lies between reading a code and its being checked, at most: a password's hash, and a queue for it. */
const MARGIN_MILLISECONDS = 4_000;

/** The code an authenticator app shows now, or some steps of 30 s from now. */
export function codeOf(secret: string, stepsAhead = 0): string {
  return new TOTP({ secret: Secret.fromBase32(secret) }).generate({
    timestamp: Date.now() + stepsAhead * STEP_MILLISECONDS,
  });
}

/** The code shown now, once it will be shown long enough to be typed: a test does not fail at the end of a step. */
export async function freshCode(secret: string): Promise<string> {
  const left = STEP_MILLISECONDS - (Date.now() % STEP_MILLISECONDS);
  if (left < MARGIN_MILLISECONDS) await sleep(left + 50);
  return codeOf(secret);
}

/** The first code after the one shown now, once it is shown: for who has used that one up. */
export async function nextCode(secret: string): Promise<string> {
  await sleep(STEP_MILLISECONDS - (Date.now() % STEP_MILLISECONDS) + 50);
  return codeOf(secret);
}
