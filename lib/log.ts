type Fields = Record<string, string | number | boolean | null | undefined>;

/** Frames of a stack that are kept: enough to find the place. */
const FRAMES_KEPT = 3;

/** What went wrong, as far as it may be told: a message may quote what somebody typed, name, code and place may not. */
function describe(error: unknown): Fields {
  if (!(error instanceof Error)) return { error: "unknown error" };
  const frames = (error.stack ?? "").split("\n").filter((line) => /^\s+at /.test(line));
  const at = frames
    .slice(0, FRAMES_KEPT)
    .map((frame) => frame.trim())
    .join(" ");
  return { error: error.name, code: "code" in error ? String(error.code) : undefined, at };
}

function write(level: "info" | "warn" | "error", event: string, fields: Fields): void {
  process.stderr.write(`${JSON.stringify({ time: new Date().toISOString(), level, event, ...fields })}\n`);
}

/**
 * One line of JSON for each event, on standard error. Never give it a name, an address, a token, or a path that may
 * hold one; an error is reduced to its name, its code and where it arose.
 */
export const log = {
  info: (event: string, fields: Fields = {}): void => write("info", event, fields),
  warn: (event: string, fields: Fields = {}): void => write("warn", event, fields),
  error: (event: string, error: unknown, fields: Fields = {}): void =>
    write("error", event, { ...fields, ...describe(error) }),
};
