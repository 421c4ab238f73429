import { lstat } from "node:fs/promises";

/** Readable only by the user that made it: the file holds a password, or lines of a log. */
export const PRIVATE_FILE_MODE = 0o600;

/** Whether a system call failed with an error code such as ENOENT. */
export function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}

/** Whether a file, folder or symbolic link of that name exists, even a dangling link. */
export async function exists(file: string): Promise<boolean> {
  return lstat(file).then(
    () => true,
    (error: unknown) => {
      if (hasCode(error, "ENOENT")) return false;
      throw error;
    },
  );
}
