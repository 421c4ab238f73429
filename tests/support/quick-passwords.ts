import type { BinaryLike, ScryptOptions, scrypt } from "node:crypto";
import { vi } from "vitest";

/** Of the memory and time that hashing a password takes on purpose: hundreds are hashed in a run, on machines of two cores. */
const QUICK = 2 ** 12;

/** For a project's `setupFiles`: passwords are hashed as always, only sooner. What they cost is tests/unit/credentials. */
vi.mock("node:crypto", async (load) => {
  const real = await load<typeof import("node:crypto")>();
  type Done = Parameters<typeof scrypt>[4];
  const quick = (password: BinaryLike, salt: BinaryLike, bytes: number, cost: ScryptOptions, done: Done) =>
    real.scrypt(password, salt, bytes, { ...cost, N: QUICK }, done);
  return { ...real, scrypt: quick };
});
