import { existsSync } from "node:fs";
import path from "node:path";
import { newCampaignFiles, readFolder, writeFolder } from "@/lib/campaign-folders";
import { type Fault, isSlug, readCampaign } from "@/lib/document";
import { OperatorError, withErrorReport } from "@/scripts/support/environment";

type Subcommand = { usage: string; explanation: string; run: (args: string[]) => Promise<void> };

const SUBCOMMANDS: Readonly<Record<string, Subcommand>> = {
  new: {
    usage: "new SLUG",
    explanation: "writes campaigns/SLUG to begin with, with every part explained",
    run: async ([slug = ""]) => {
      if (!isSlug(slug))
        throw new OperatorError(
          `SLUG is ${JSON.stringify(slug)}: it must be a free name of small letters and digits, in words joined by dashes, for example halt-the-expulsions`,
        );
      const folder = path.join("campaigns", slug);
      if (existsSync(folder))
        throw new OperatorError(
          `${folder} is there already: choose another name, or remove the folder first`,
        );
      await writeFolder(folder, newCampaignFiles(slug), new Map());
      console.log(
        `${folder} is written. Put your text into its files, then: npm run campaign -- check ${folder}`,
      );
    },
  },
  check: {
    usage: "check FOLDER",
    explanation: "says what is wrong with a campaign's folder, and how to mend it",
    run: async ([folder]) => {
      if (folder === undefined)
        throw new OperatorError("FOLDER is missing: name one, for example campaigns/halt-the-expulsions");
      const faults = await faultsOf(folder);
      for (const { file, line, message } of faults) console.log(`${file}:${line}: ${message}`);
      if (faults.length > 0) process.exitCode = 1;
      else console.log(`${folder} is free of faults.`);
    },
  },
};

const USAGE = Object.values(SUBCOMMANDS)
  .map(({ usage, explanation }) => `npm run campaign -- ${usage.padEnd(14)}  ${explanation}`)
  .join("\n");

async function faultsOf(folder: string): Promise<readonly Fault[]> {
  const found = await readFolder(folder);
  if (!found.ok) return found.faults;
  const read = readCampaign(found.files, new Set(found.pictures.keys()));
  return read.ok ? [] : read.faults;
}

await withErrorReport(async () => {
  const [name = "", ...args] = process.argv.slice(2);
  const subcommand = Object.hasOwn(SUBCOMMANDS, name) ? SUBCOMMANDS[name] : undefined;
  if (!subcommand) throw new OperatorError(USAGE);
  await subcommand.run(args);
});
process.exit();
