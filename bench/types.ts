/** A number's unit, and which direction is better. */
export type Quantity = { unit: string; better: "higher" | "lower" };

/**
 * One row of the table. `limit` decides the verdict; a peer is measured in the same run, on the same rows.
 */
export type Result = Quantity & {
  what: string;
  ours: number;
  peer?: { name: string; value: number };
  limit?: number;
  /** The lowest allowed ratio of ours to the peer's; also decides the verdict. */
  leastRatio?: number;
};

/** What a measure may use. Everything in it is temporary, on loopback, and removed after the run. */
export type Context = {
  /** How many signatures the measures work on. */
  rows: number;
  /** Whether to run for the durations of the acceptance figures. */
  long: boolean;
  /** Overrides the duration of a whole-site measure, for trying it out. */
  seconds?: number;
  /** An empty folder of this run. */
  folder: string;
  /** Starts our own PostgreSQL, once for all measures, with migrations and campaign. */
  database(): Promise<{ url: string }>;
  /** The same database with at least this many generated signatures. */
  grownTo(signatures: number): Promise<{ url: string }>;
  /** The same database with `rows` generated signatures. */
  seededDatabase(): Promise<{ url: string }>;
  /** Environment for started processes: this run's secrets and, once requested, the database. */
  env: Record<string, string>;
  /** Reports progress. */
  note(text: string): void;
};

/** One measure, chosen by name: `npm run bench -- NAME`. Limits its own duration. */
export type Measure = { name: string; run(context: Context): Promise<Result[]> };
