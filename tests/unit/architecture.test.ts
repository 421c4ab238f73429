import { spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { beforeAll, describe, expect, test } from "vitest";

const LAYERS = ["app", "components", "lib", "scripts", "prisma", "bench"];

function sourcesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .map((name) => path.join(folder, name))
    .filter((file) => /\.tsx?$/.test(file) && !file.includes("/generated/"));
}

/** The folder that a file belongs to: a layer, and in lib a domain, or a file of its own. */
function folderOf(file: string): string {
  const [layer = "", domain = ""] = file.split("/");
  if (layer === "scripts" && domain === "support") return "scripts/support";
  return layer === "lib" ? `lib/${domain.replace(/\.ts$/, "")}` : layer;
}

/** What each folder imports, by the file that does. */
function folderImports(): Map<string, Map<string, string>> {
  const imports = new Map<string, Map<string, string>>();
  for (const file of LAYERS.flatMap(sourcesIn)) {
    const from = folderOf(file);
    for (const [, specifier = ""] of readFileSync(file, "utf8").matchAll(
      /(?:from|import)\s*\(?\s*"([^"]+)"/g,
    )) {
      const target = specifier.startsWith("@/")
        ? specifier.slice(2)
        : specifier.startsWith(".")
          ? path.join(path.dirname(file), specifier)
          : null;
      if (target === null || folderOf(target) === from) continue;
      const known = imports.get(from) ?? new Map<string, string>();
      imports.set(from, known.set(folderOf(target), file));
    }
  }
  return imports;
}

/** A way from a folder back to itself, or null. */
function cycleFrom(start: string, imports: Map<string, Map<string, string>>): string[] | null {
  const seen = new Set<string>();
  const walk = (folder: string, way: string[]): string[] | null => {
    for (const [next, file] of imports.get(folder) ?? []) {
      const step = [...way, `${file} imports ${next}`];
      if (next === start) return step;
      if (seen.has(next)) continue;
      seen.add(next);
      const found = walk(next, step);
      if (found) return found;
    }
    return null;
  };
  return walk(start, []);
}

describe("folders", () => {
  const imports = folderImports();

  test.each([...imports.keys()].sort())("%s is not imported by anything it imports", (folder) => {
    expect(cycleFrom(folder, imports)).toBeNull();
  });

  test("are those that docs/architecture.md draws", () => {
    const tree = /```\n([\s\S]*?)```/.exec(readFileSync("docs/architecture.md", "utf8"))?.[1] ?? "";
    const drawn = tree.split("\n").flatMap((line) => {
      const [indent = "", names = ""] = /^( *)((?:\S+\/ *)+)/.exec(line)?.slice(1) ?? [];
      return names.trim() === "" ? [] : [{ deep: indent.length > 0, names: names.trim().split(/ +/) }];
    });
    let top = "";
    const folders: string[] = [];
    for (const { deep, names } of drawn) {
      if (!deep) top = names[0] ?? "";
      folders.push(...names.map((name) => (deep ? top + name : name)));
    }
    expect(folders.filter((folder) => !existsSync(folder))).toEqual([]);
    const domains = readdirSync("lib", { withFileTypes: true }).filter((entry) => entry.isDirectory());
    expect(domains.map(({ name }) => `lib/${name}/`).filter((domain) => !folders.includes(domain))).toEqual(
      [],
    );
  });
});

describe("the linter", () => {
  const REFUSED: [string, string, string][] = [
    ["a route that reaches past a domain's index", "app/past.ts", "@/lib/signing/sign"],
    ["a domain that reaches past another's index", "lib/mail/past.ts", "@/lib/signing/sign"],
    ["a domain that imports a route", "lib/signing/route.ts", "@/app/direct-routes"],
    ["a domain that imports a component", "lib/signing/component.ts", "@/components/form/types"],
    ["an embedded database that knows the project", "lib/embedded-postgres/log.ts", "@/lib/log"],
    ["a component that knows the database", "components/form/database.tsx", "@/lib/db/client"],
    ["a component that knows the settings", "components/form/settings.tsx", "@/lib/settings"],
    ["a component that imports a route", "components/form/route.tsx", "@/app/direct-routes"],
  ];
  const ALLOWED: [string, string, string][] = [
    ["a route that enters a domain by its index", "app/index.ts", "@/lib/signing"],
    ["a domain that uses the database", "lib/signing/database.ts", "@/lib/db/client"],
    ["a component that uses texts", "components/form/texts.tsx", "@/lib/i18n/messages"],
  ];
  const LOOSE = "lib/signing/loose.ts";
  let complaints = "";

  // In a checkout of its own, so that what is wrong on purpose is in nobody's way.
  beforeAll(() => {
    const folder = mkdtempSync(path.join(tmpdir(), "petition-lint-"));
    const write = (file: string, source: string) => {
      mkdirSync(path.join(folder, path.dirname(file)), { recursive: true });
      writeFileSync(path.join(folder, file), source);
    };
    write("biome.json", readFileSync("biome.json", "utf8"));
    for (const [, file, specifier] of [...REFUSED, ...ALLOWED])
      write(file, `import { probe } from "${specifier}";\n\nprobe();\n`);
    write(LOOSE, "export const loose = (x: any) => x!;\n");
    const { stdout } = spawnSync(
      path.resolve("node_modules/.bin/biome"),
      ["lint", "--vcs-enabled=false", "--reporter=github", "--max-diagnostics=none", "."],
      { cwd: folder, encoding: "utf8" },
    );
    complaints = stdout;
    rmSync(folder, { recursive: true });
  });

  const refusalsOf = (file: string) =>
    complaints.split("\n").flatMap((line) => {
      if (!line.includes(`/${file},`)) return [];
      return /title=lint\/\w+\/(\w+)/.exec(line)?.[1] ?? [];
    });

  test.each(REFUSED)("refuses %s", (_, file) => {
    expect(refusalsOf(file)).toContain("noRestrictedImports");
  });

  test.each(ALLOWED)("allows %s", (_, file) => {
    expect(refusalsOf(file)).not.toContain("noRestrictedImports");
  });

  test("refuses any and non-null assertions", () => {
    expect(refusalsOf(LOOSE)).toEqual(expect.arrayContaining(["noExplicitAny", "noNonNullAssertion"]));
  });
});
