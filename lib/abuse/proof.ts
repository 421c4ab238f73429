import { createHash } from "node:crypto";
import { type Challenge, createChallenge, verifySolution } from "altcha-lib";
import { deriveKey } from "altcha-lib/algorithms/pbkdf2";
import { z } from "zod";
import { keyedHash } from "@/lib/db/keyed-hash";

const ALGORITHM = "PBKDF2/SHA-256";
/** Rounds per try: a millisecond or two on a desktop, about ten on an old phone. */
const COST_ROUNDS = 4_000;
/** Required first byte of the key. One try in 256 has it. */
const KEY_PREFIX = "00";
/** Time allowed to solve and send a challenge, in seconds. */
const PROOF_SECONDS = 600;
/** Longest proof accepted, in characters. Ours have about 600. */
export const PROOF_MAX_CHARACTERS = 2_000;

export type { Challenge };

/** A valid proof. Its hash is stored until it expires, so that it works only once. */
export type Proof = { hash: Buffer<ArrayBuffer>; expiresAt: Date };

const sent = z.object({
  challenge: z.object({
    parameters: z.looseObject({
      algorithm: z.literal(ALGORITHM),
      nonce: z.string(),
      salt: z.string(),
      cost: z.literal(COST_ROUNDS),
      keyLength: z.number(),
      keyPrefix: z.string(),
      expiresAt: z.number(),
    }),
    signature: z.string(),
  }),
  solution: z.object({ counter: z.int().min(0).max(0xffffffff), derivedKey: z.string() }),
});

/**
 * Creates a proof-of-work challenge (ALTCHA v2). Campaign and network are part of the key that signs it: the
 * challenge itself reveals no network, and is valid for this campaign and network only.
 */
export function newChallenge(slug: string, network: Buffer, now = new Date()): Promise<Challenge> {
  return createChallenge({
    algorithm: ALGORITHM,
    cost: COST_ROUNDS,
    keyPrefix: KEY_PREFIX,
    deriveKey,
    expiresAt: Math.floor(now.getTime() / 1000) + PROOF_SECONDS,
    hmacSignatureSecret: secretFor(slug, network),
  });
}

/** Reads and verifies a proof of work; null if it is invalid. Checks the signature before any costly work. */
export async function readProof(field: unknown, slug: string, network: Buffer): Promise<Proof | null> {
  if (typeof field !== "string" || field.length > PROOF_MAX_CHARACTERS) return null;
  const parsed = sent.safeParse(parseJson(field));
  if (!parsed.success) return null;
  const { challenge, solution } = parsed.data;
  const { verified } = await verifySolution({
    challenge,
    solution: { ...solution, time: 0 },
    deriveKey,
    hmacSignatureSecret: secretFor(slug, network),
  }).catch(() => ({ verified: false }));
  if (!verified) return null;
  const hash = Buffer.from(createHash("sha256").update(challenge.signature).digest());
  return { hash, expiresAt: new Date(challenge.parameters.expiresAt * 1000) };
}

function secretFor(slug: string, network: Buffer): string {
  return keyedHash("proof", `${slug} ${network.toString("hex")}`).toString("hex");
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
