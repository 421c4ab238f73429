import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";

const LAYERS = ["app", "components", "lib", "scripts", "prisma", "bench"];

function sourcesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .map((name) => path.join(folder, name))
    .filter((file) => /\.tsx?$/.test(file) && !file.includes("/generated/"));
}

/** The folder that a file belongs to: a layer, and in lib a domain, or a file of its own. */
function folderOf(file: string): string {
  const [layer = "", domain = ""] = file.split("/");
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

describe("the linter refuses", () => {
  const NO_SUCH_IMPORT = "noRestrictedImports";

  /** What Biome says of a file that holds just this. */
  function complaints(file: string, source: string): string {
    const { stdout, stderr } = spawnSync("node_modules/.bin/biome", ["lint", `--stdin-file-path=${file}`], {
      input: source,
      encoding: "utf8",
    });
    return stdout + stderr;
  }

  test.each([
    ["a route that reaches past a domain's index", "app/probe.ts", "@/lib/signing/sign"],
    ["a domain that reaches past another's index", "lib/mail/probe.ts", "@/lib/signing/sign"],
    ["a domain that imports a route", "lib/signing/probe.ts", "@/app/direct-routes"],
    ["a domain that imports a component", "lib/signing/probe.ts", "@/components/form/types"],
    ["a component that knows the database", "components/campaign/probe.tsx", "@/lib/db/client"],
    ["a component that knows the settings", "components/campaign/probe.tsx", "@/lib/settings"],
    ["a component that imports a route", "components/campaign/probe.tsx", "@/app/direct-routes"],
  ])("%s", (_, file, specifier) => {
    expect(complaints(file, `import { probe } from "${specifier}";\nprobe();\n`)).toContain(NO_SUCH_IMPORT);
  });

  test.each([
    ["a route that enters a domain by its index", "app/probe.ts", "@/lib/signing"],
    ["a domain that uses the database", "lib/signing/probe.ts", "@/lib/db/client"],
    ["a component that uses texts", "components/campaign/probe.tsx", "@/lib/i18n/messages"],
  ])("but not %s", (_, file, specifier) => {
    expect(complaints(file, `import { probe } from "${specifier}";\nprobe();\n`)).not.toContain(
      NO_SUCH_IMPORT,
    );
  });

  test("any and non-null assertions", () => {
    const said = complaints("lib/signing/probe.ts", "export const probe = (x: any) => x!;\n");
    expect(said).toContain("noExplicitAny");
    expect(said).toContain("noNonNullAssertion");
  });
});
