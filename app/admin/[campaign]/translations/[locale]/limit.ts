/** The largest file of a translation, in bytes: a form of the desk may be 1 MiB large. */
export const FILE_LIMIT_BYTES = 1_000_000;
