import type { BinaryLike, ScryptOptions, scrypt } from "node:crypto";
import { vi } from "vitest";

/** A 32nd of the production cost: a run hashes hundreds of passwords. */
const QUICK = 2 ** 12;

/** A setup file: lowers the cost of scrypt. The production cost is tested in tests/unit/credentials. */
vi.mock("node:crypto", async (load) => {
  const real = await load<typeof import("node:crypto")>();
  type Done = Parameters<typeof scrypt>[4];
  const quick = (password: BinaryLike, salt: BinaryLike, bytes: number, cost: ScryptOptions, done: Done) =>
    real.scrypt(password, salt, bytes, { ...cost, N: QUICK }, done);
  return { ...real, scrypt: quick };
});
