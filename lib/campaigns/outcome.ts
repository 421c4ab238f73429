/** What became of a closed campaign. */
export type Outcome = "won" | "partly" | "lost" | "handed_over";
