import { existsSync } from "node:fs";
import path from "node:path";
import { newCampaignFiles, readFolder, writeFolder } from "@/lib/campaign-folders";
import { closeDatabase } from "@/lib/db/client";
import { type Fault, isSlug, readCampaign } from "@/lib/document";
import { campaignList, exportCampaign, type Imported, importCampaign } from "@/lib/editing";
import { bringUpToDate, OperatorError, withDatabase, withErrorReport } from "@/scripts/support/environment";

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
      const faults = await faultsOf(required("FOLDER", folder));
      if (faults.length > 0) tell(faults);
      else console.log(`${folder} is free of faults.`);
    },
  },
  list: {
    usage: "list",
    explanation: "shows the campaigns, with the published version and what is being worked on",
    run: () =>
      inDatabase(async () => {
        for (const { slug, status, number, working } of await campaignList())
          console.log(
            [slug, status, number === null ? "never published" : `version ${number}`, working ?? ""]
              .join("  ")
              .trimEnd(),
          );
      }),
  },
  import: {
    usage: "import FOLDER [--publish]",
    explanation: "makes a folder the draft of its campaign, or publishes it at once",
    run: async (args) => {
      const publish = args.includes("--publish");
      const folder = required(
        "FOLDER",
        args.find((arg) => !arg.startsWith("--")),
      );
      const read = await readFolder(folder);
      if (!read.ok) return tell(read.faults);
      await inDatabase(async () => {
        tellImport(await importCampaign(null, read.files, read.pictures, { publish }), folder);
      });
    },
  },
  export: {
    usage: "export SLUG FOLDER",
    explanation: "writes the published version, or the draft of a campaign without one, into a folder",
    run: async (args) => {
      const slug = required("SLUG", args[0]);
      const folder = required("FOLDER", args[1]);
      await inDatabase(async () => {
        const exported = await exportCampaign(slug);
        if (!exported)
          throw new OperatorError(
            `No campaign is named ${JSON.stringify(slug)}: see npm run campaign -- list`,
          );
        const written = await writeFolder(folder, exported.files, exported.pictures);
        if (written.kind === "occupied")
          throw new OperatorError(
            `${folder} holds ${written.file}, which is no part of this campaign: choose an empty folder, or remove it first`,
          );
        console.log(`${slug} is written into ${folder}.`);
      });
    },
  },
};

const EXAMPLES = { FOLDER: "campaigns/halt-the-expulsions", SLUG: "halt-the-expulsions" };

function required(name: keyof typeof EXAMPLES, argument: string | undefined): string {
  if (argument === undefined || argument === "")
    throw new OperatorError(`${name} is missing: name one, for example ${EXAMPLES[name]}`);
  return argument;
}

/** Prints faults, one a line, and has the command exit with 1. */
function tell(faults: readonly Fault[]): void {
  for (const { file, line, message } of faults) console.log(`${file}:${line}: ${message}`);
  process.exitCode = 1;
}

function tellImport(imported: Imported, folder: string): void {
  switch (imported.kind) {
    case "faults":
      tell(imported.faults);
      break;
    case "too-large":
      tell([{ file: imported.path, line: 1, message: "has more than 200 KB: make it shorter" }]);
      break;
    case "unknown-file":
      tell([{ file: imported.path, line: 1, message: "is no file of a campaign: remove it" }]);
      break;
    case "unchanged":
      console.log(`${imported.slug} says the same already: nothing was changed.`);
      break;
    case "needs-review":
      throw new OperatorError(
        `${folder} is the draft of ${imported.slug}, but not published: this campaign asks for a second person, who publishes it at the desk once it was handed in for review`,
      );
    case "imported":
      console.log(
        imported.published === null
          ? `${folder} is the draft of ${imported.slug}: publish it at the desk, or import it with --publish.`
          : `${imported.slug} is published as version ${imported.published}.`,
      );
  }
}

/** Runs what needs the database, and closes it. */
function inDatabase(work: () => Promise<void>): Promise<void> {
  return withDatabase(async (databaseUrl) => {
    await bringUpToDate(databaseUrl);
    try {
      await work();
    } finally {
      await closeDatabase();
    }
  });
}

const USAGE = Object.values(SUBCOMMANDS)
  .map(({ usage, explanation }) => `npm run campaign -- ${usage.padEnd(25)}  ${explanation}`)
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
