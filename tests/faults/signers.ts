import { setTimeout as sleep } from "node:timers/promises";
import { CAMPAIGN_SLUG } from "@/tests/support/campaign";

/** How long a signer waits for an answer, in milliseconds; none counts as not acknowledged. */
const PATIENCE_MILLISECONDS = 8_000;

export const SIGNATURE_PATH = `/api/petitions/${CAMPAIGN_SLUG}/signatures`;

/** What a signer posts, as a program would. */
export function signatureBody(email: string): string {
  return JSON.stringify({ name: "Zarghuna Kargar", email, country: "AF", consent: "yes", locale: "ps" });
}

/** Headers of the n-th post: each comes from a /24 of its own. */
export function signatureHeaders(number: number): Record<string, string> {
  return {
    "content-type": "application/json",
    accept: "application/json",
    "x-forwarded-for": `${11 + ((number >> 16) & 127)}.${(number >> 8) & 255}.${number & 255}.1`,
  };
}

let posts = 0;

/** Signs once. @returns the status, or null when no answer came. */
export async function signOnce(url: string, email: string): Promise<number | null> {
  try {
    const answer = await fetch(`${url}${SIGNATURE_PATH}`, {
      method: "POST",
      headers: signatureHeaders(posts++),
      body: signatureBody(email),
      signal: AbortSignal.timeout(PATIENCE_MILLISECONDS),
    });
    await answer.body?.cancel();
    return answer.status;
  } catch {
    return null;
  }
}

/** People who sign all the time, and what they were told. */
export type Crowd = {
  /** Addresses that were answered 202: each is a promise. */
  acknowledged: Set<string>;
  attempts: number;
  /** Times of acknowledged signatures since the last call, in milliseconds. */
  takeLatencies(): number[];
  stop(): Promise<void>;
};

/**
 * Lets many sign at the same time, each on their own, until stopped. Every attempt has an address of its own.
 * @param pauseMilliseconds between an answer and the same signer's next attempt.
 */
export function startCrowd(url: string, name: string, signers: number, pauseMilliseconds: number): Crowd {
  let signing = true;
  let latencies: number[] = [];
  const crowd = { acknowledged: new Set<string>(), attempts: 0 };
  const all = Array.from({ length: signers }, async (_, signer) => {
    // Not all at the same moment.
    await sleep((pauseMilliseconds * signer) / signers);
    while (signing) {
      const email = `${name}.${signer}.${crowd.attempts++}@example.net`;
      const began = performance.now();
      if ((await signOnce(url, email)) === 202) {
        crowd.acknowledged.add(email);
        latencies.push(performance.now() - began);
      }
      await sleep(pauseMilliseconds);
    }
  });
  return Object.assign(crowd, {
    takeLatencies() {
      const taken = latencies;
      latencies = [];
      return taken;
    },
    async stop() {
      signing = false;
      await Promise.all(all);
    },
  });
}
