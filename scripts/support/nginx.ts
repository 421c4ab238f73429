import { existsSync } from "node:fs";
import path from "node:path";

/** Debian keeps it where ordinary users do not look. */
const USUAL_FOLDERS = ["/usr/sbin", "/usr/local/sbin", "/opt/homebrew/bin"];

/** The machine's nginx, or null. */
export function findNginx(): string | null {
  const folders = [...(process.env.PATH ?? "").split(path.delimiter), ...USUAL_FOLDERS];
  return folders.map((folder) => path.join(folder, "nginx")).find((file) => existsSync(file)) ?? null;
}
