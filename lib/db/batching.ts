import { isDatabaseUnavailable } from "./unavailable";

/** Statements of one kind that run at once: while one waits for the disk, the next is sent. */
const LANES = 2;
/** Maximum number of items in one statement. */
const MOST_AT_ONCE = 100;
/** How long an item waits for its statement to start before it fails as "busy", in milliseconds. */
const WAIT_MILLISECONDS = 1_500;

type Waiting<Item, Outcome> = {
  item: Item;
  resolve(outcome: Outcome): void;
  reject(error: unknown): void;
  expiry: NodeJS.Timeout;
};

/** The item waited too long and never reached the database. */
class BatchingTimeout extends Error {
  readonly code = "P2024"; // what Prisma says when no connection came free in time
  constructor() {
    super("the database was busy for too long");
  }
}

/**
 * Batches calls that arrive while earlier statements are running: the database writes a hundred rows in about the time of three.
 * A call that arrives alone runs at once. Items keep their order.
 *
 * @param run runs one statement for several items and returns an outcome for each, in the same order.
 * @param keyOf items with the same key never share a statement, so that each sees the effect of the one before.
 * @param isHopeless tells whether an error would happen again, for example because the database is out of reach. Then all waiting
 * calls fail with it. Otherwise the items of a failed statement are retried one by one, so that one cannot spoil the others.
 */
export function batching<Item, Outcome>({
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

  /** Stops the timeouts of items that leave the queue. */
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
        reject(new BatchingTimeout());
      }
      queue.push(waiting);
      // What arrived in the same turn of the event loop goes together.
      if (!isDue && underWay < LANES) {
        isDue = true;
        setImmediate(begin);
      }
    });
}
