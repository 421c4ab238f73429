import { readFile } from "node:fs/promises";

/** Returns the commands of docs/deploy.md for nginx and its certificate, one a line, for another host name. */
export async function certificateCommands(host: string): Promise<string[]> {
  const guide = await readFile("docs/deploy.md", "utf8");
  const [, block = ""] = /\*\*nginx and its certificate\*\*[\s\S]*?```sh\n([\s\S]*?)```/.exec(guide) ?? [];
  return block
    .replaceAll("\\\n", " ")
    .trim()
    .split("\n")
    .map((line) => line.replaceAll("campaign.org", host));
}
