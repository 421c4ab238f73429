import { readFile } from "node:fs/promises";
import { beforeAll, describe, expect, test } from "vitest";
import { ACTIONS, type DeskAction } from "@/lib/desk/actions";
import { meaningOf, PERMISSIONS, ROLES, roleMay } from "@/lib/roles";

// docs/http.md says what can be done at the desk, and by whom: it must say what the table of actions does.
const ACTIONS_BY_PATH = Map.groupBy(Object.values<DeskAction>(ACTIONS), ({ route }) =>
  route.replace(/^(?:GET|POST) /, "").replaceAll(/\[(\w+)\]/g, "{$1}"),
);

type DocumentedRoute = { answer: string; needs: string };
let documented: Map<string, DocumentedRoute>;
let section: string;
beforeAll(async () => {
  [, section = ""] = (await readFile("docs/http.md", "utf8")).split("\n## Administration\n");
  documented = new Map(
    [...section.matchAll(/^\| (`(?:GET|POST).+?) +\| (.+?) +\| ([^|]+?) +\|$/gm)].flatMap(
      ([, addresses = "", answer = "", needs = ""]) =>
        [...addresses.matchAll(/`(?:GET|POST) (\/[^`?]+)/g)].map(([, path = ""]) => [
          path,
          { answer, needs },
        ]),
    ),
  );
});

/** What an address needs: each permission, with the forms that need it if others there need something else. */
function needsOf(actions: readonly DeskAction[]): string {
  const byPermission = Map.groupBy(actions, ({ needs }) => needs);
  if (byPermission.size === 1) return [...byPermission.keys()].join();
  return PERMISSIONS.flatMap((permission) => {
    const asking = byPermission.get(permission) ?? [];
    if (asking.length === 0) return [];
    const opens = asking.some(({ route }) => route.startsWith("GET "));
    const forms = [...new Set(asking.map(({ form }) => form ?? "POST"))].join(", ");
    return [opens ? permission : `${permission}: ${forms}`];
  }).join("; ");
}

test.each(ROLES)("what a %s may do is documented", (role) => {
  const [head = [], , ...lines] = [...section.matchAll(/^\| permission .*(?:\n\|.*)+/gm)]
    .flatMap(([table]) => table.split("\n"))
    .map((line) =>
      line
        .split("|")
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
  const column = head.indexOf(role);
  const allowed = lines.flatMap((cells) => (cells[column] === "yes" ? [cells[0]] : []));
  expect(lines.map(([permission]) => permission)).toEqual([...PERMISSIONS]);
  expect(allowed).toEqual(PERMISSIONS.filter((permission) => roleMay(role, permission)));
  expect(section).toContain(`\`${role}\`: ${meaningOf(role)}`);
});

describe.each([...ACTIONS_BY_PATH])("%s", (path, actions) => {
  test("is documented with what each of its actions needs", () => {
    expect(documented.get(path)?.needs).toBe(needsOf(actions));
  });

  test("is documented with every action that its forms name", () => {
    const names = actions.flatMap(({ form }) => (form === undefined ? [] : [form]));
    const answer = documented.get(path)?.answer ?? "";
    expect(names.filter((name) => !new RegExp(`[\`=]${name}\``).test(answer))).toEqual([]);
  });
});

test("no page of the desk that is gone is documented", () => {
  const ofDesk = [...documented].filter(([, { needs }]) => needs !== "nobody").map(([path]) => path);
  expect(ofDesk.filter((path) => !ACTIONS_BY_PATH.has(path))).toEqual([]);
});
