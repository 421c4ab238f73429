import { existsSync } from "node:fs";
import path from "node:path";

/** Debian installs nginx outside ordinary users' PATH. */
const USUAL_FOLDERS = ["/usr/sbin", "/usr/local/sbin", "/opt/homebrew/bin"];

/** Returns the path of the system's nginx, or null. */
export function findNginx(): string | null {
  const folders = [...(process.env.PATH ?? "").split(path.delimiter), ...USUAL_FOLDERS];
  return folders.map((folder) => path.join(folder, "nginx")).find((file) => existsSync(file)) ?? null;
}
