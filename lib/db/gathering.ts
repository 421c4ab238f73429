import { isDatabaseUnavailable } from "./unavailable";

/** Statements of one kind under way at once: while one waits for the disk, the next is on its way. */
const LANES = 2;
/** The most that one statement takes along. */
const MOST_AT_ONCE = 100;
/** How long anything waits for its statement to begin, in milliseconds, before it is told that the database is busy. */
const WAIT_MILLISECONDS = 1_500;

type Waiting<Item, Outcome> = {
  item: Item;
  resolve(outcome: Outcome): void;
  reject(error: unknown): void;
  expiry: NodeJS.Timeout;
};

/** It waited too long for the database, which has not heard of it. */
class GatheringTimeout extends Error {
  readonly code = "P2024"; // what Prisma says when no connection came free in time
  constructor() {
    super("the database was busy for too long");
  }
}

/**
 * Has one statement do what came in while others were under way: the database takes a hundred rows in about the time of
 * three. What comes alone goes at once; statements get their items in the order they came.
 *
 * @param keyOf two items of one key never share a statement, so that each sees what the one before it did.
 * @param run answers each item, in their order. When a statement with several fails, each is tried by itself, so that one
 * cannot spoil the others; unless `isHopeless` says of the error that it would be the same again, as it is while
 * the database is out of reach: then whatever waits is told so, too.
 */
export function gathering<Item, Outcome>({
  run,
  keyOf,
  isHopeless = isDatabaseUnavailable,
}: {
  run(items: readonly Item[]): Promise<readonly Outcome[]>;
  keyOf?(item: Item): string;
  isHopeless?(error: unknown): boolean;
}): (item: Item) => Promise<Outcome> {
  let queue: Waiting<Item, Outcome>[] = [];
  let underWay = 0;
  let isDue = false;

  function take(): Waiting<Item, Outcome>[] {
    const taken = new Map<unknown, Waiting<Item, Outcome>>();
    const left: Waiting<Item, Outcome>[] = [];
    for (const waiting of queue) {
      const key = keyOf ? keyOf(waiting.item) : waiting;
      if (taken.size < MOST_AT_ONCE && !taken.has(key)) taken.set(key, waiting);
      else left.push(waiting);
    }
    queue = left;
    return leave([...taken.values()]);
  }

  /** What leaves the queue is waited for no longer. */
  function leave(waiting: Waiting<Item, Outcome>[]): Waiting<Item, Outcome>[] {
    for (const { expiry } of waiting) clearTimeout(expiry);
    return waiting;
  }

  async function settle(batch: readonly Waiting<Item, Outcome>[]): Promise<void> {
    try {
      const outcomes = await run(batch.map(({ item }) => item));
      if (outcomes.length !== batch.length) throw new Error("a statement did not answer each of its items");
      batch.forEach(({ resolve }, place) => {
        resolve(outcomes[place] as Outcome);
      });
    } catch (error) {
      const hopeless = isHopeless(error);
      if (batch.length > 1 && !hopeless) {
        for (const one of batch) await settle([one]);
        return;
      }
      for (const { reject } of hopeless ? [...batch, ...leave(queue.splice(0))] : batch) reject(error);
    }
  }

  async function work(): Promise<void> {
    underWay += 1;
    for (let batch = take(); batch.length > 0; batch = take()) await settle(batch);
    underWay -= 1;
  }

  function begin(): void {
    isDue = false;
    if (underWay < LANES && queue.length > 0) void work();
  }

  return (item) =>
    new Promise((resolve, reject) => {
      const waiting = { item, resolve, reject, expiry: setTimeout(expire, WAIT_MILLISECONDS) };
      function expire(): void {
        queue = queue.filter((other) => other !== waiting);
        reject(new GatheringTimeout());
      }
      queue.push(waiting);
      // What arrived in the same turn of the event loop goes together.
      if (!isDue && underWay < LANES) {
        isDue = true;
        setImmediate(begin);
      }
    });
}
