import { readFile } from "node:fs/promises";
import { beforeAll, describe, expect, test } from "vitest";
import { includesRole, isRole, type Role } from "@/lib/audit/roles";
import { ACTIONS, type DeskAction } from "@/lib/desk/actions";

// docs/http.md says what can be done at the desk, and by whom: it must say what the table of actions does.
const ACTIONS_BY_PATH = Map.groupBy(Object.values<DeskAction>(ACTIONS), ({ route }) =>
  route.replace(/^(?:GET|POST) /, "").replaceAll(/\[(\w+)\]/g, "{$1}"),
);

type DocumentedRoute = { answer: string; role: string };
let documented: Map<string, DocumentedRoute>;
beforeAll(async () => {
  const [, section = ""] = (await readFile("docs/http.md", "utf8")).split("\n## Administration\n");
  documented = new Map(
    [...section.matchAll(/^\| (`.+?) +\| (.+?) +\| (\w+) +\|$/gm)].flatMap(
      ([, addresses = "", answer = "", role = ""]) =>
        [...addresses.matchAll(/`(?:GET|POST) (\/[^`?]+)/g)].map(([, path = ""]) => [path, { answer, role }]),
    ),
  );
});

function leastRole(actions: readonly DeskAction[]): Role {
  return actions.map(({ role }) => role).reduce((least, role) => (includesRole(role, least) ? least : role));
}

describe.each([...ACTIONS_BY_PATH])("%s", (path, actions) => {
  test("is documented with the least role that may do something there", () => {
    expect(documented.get(path)?.role).toBe(leastRole(actions));
  });

  test("is documented with every action that its forms name", () => {
    const names = actions.flatMap(({ form }) => (form === undefined ? [] : [form]));
    const answer = documented.get(path)?.answer ?? "";
    expect(names.filter((name) => !new RegExp(`[\`=]${name}\``).test(answer))).toEqual([]);
  });
});

test("no page of the desk that is gone is documented", () => {
  const withRole = [...documented].filter(([, { role }]) => isRole(role)).map(([path]) => path);
  expect(withRole.filter((path) => !ACTIONS_BY_PATH.has(path))).toEqual([]);
});
