/** What a number means: its unit, and whether more of it is better. */
export type Quantity = { unit: string; better: "higher" | "lower" };

/** One line of the table. `limit` decides the verdict; a peer is measured in the same run, on the same rows. */
export type Result = Quantity & {
  what: string;
  ours: number;
  peer?: { name: string; value: number };
  limit?: number;
  /** The least that ours may be of the peer's; decides the verdict as well. */
  leastRatio?: number;
};

/** What a measure may use. Everything in it is temporary, on loopback, and gone after the run. */
export type Context = {
  /** How many signatures the measures work on. */
  rows: number;
  /** Whether to run for as long as the acceptance figures ask. */
  long: boolean;
  /** How long a measure of the whole site is to run instead of its own time, for trying it out. */
  seconds?: number;
  /** An empty folder of this run. */
  folder: string;
  /** Starts, once for all measures, a PostgreSQL of our own with the migrations and the campaign in it. */
  database(): Promise<{ url: string }>;
  /** The same database with at least so many signatures in it, put there by the generator. */
  grownTo(signatures: number): Promise<{ url: string }>;
  /** The same database with `rows` signatures in it, put there by the generator. */
  seededDatabase(): Promise<{ url: string }>;
  /** Environment for processes that a measure starts: secrets of this run, and the database once it was asked for. */
  env: Record<string, string>;
  /** Says what is going on. */
  note(text: string): void;
};

/** One thing that is measured, chosen by name: `npm run bench -- NAME`. Bounded in time by itself. */
export type Measure = { name: string; run(context: Context): Promise<Result[]> };
