import { describe, expect, test } from "vitest";
import {
  CAMPAIGN_ROLES,
  type CampaignRole,
  mayIn,
  PERMISSIONS,
  permissionsIn,
  type Role,
  roleMay,
} from "@/lib/roles";

const allowed = (role: Role) => PERMISSIONS.filter((permission) => roleMay(role, permission));

describe("a role", () => {
  test.each(["translator", "reviewer", "editor"] as const)(
    "that writes, %s, sees what a viewer sees, and neither names nor exports",
    (role) => {
      expect(allowed(role)).toEqual(expect.arrayContaining(allowed("viewer")));
      for (const permission of ["read names", "export", "run", "run mail", "manage access", "close"] as const)
        expect(roleMay(role, permission), permission).toBe(false);
    },
  );

  test("writes, translates or checks only as its name says", () => {
    const WRITING = ["read drafts", "write", "translate", "review", "publish", "create"] as const;
    const writing = (role: Role) => WRITING.filter((permission) => roleMay(role, permission));
    expect(writing("exporter")).toEqual([]);
    expect(writing("viewer")).toEqual([]);
    expect(writing("translator")).toEqual(["read drafts", "translate"]);
    expect(writing("reviewer")).toEqual(["read drafts", "review", "publish"]);
    expect(writing("editor")).toEqual(["read drafts", "write", "translate", "publish", "create"]);
  });

  test("of an owner allows everything, and of a member only their own account", () => {
    expect(allowed("owner")).toEqual([...PERMISSIONS]);
    expect(allowed("member")).toEqual(["sign in"]);
  });
});

describe("a role in one campaign", () => {
  const access = (role: Role, there: CampaignRole) => ({ role, inCampaigns: new Map([["wells", there]]) });

  test("adds to one's own role there, and nowhere else", () => {
    const exporterWhoReviews = access("exporter", "reviewer");
    expect(mayIn(exporterWhoReviews, "wells", "review")).toBe(true);
    expect(mayIn(exporterWhoReviews, "wells", "read names")).toBe(true);
    for (const elsewhere of [null, "roads", "constructor"])
      expect(permissionsIn(exporterWhoReviews, elsewhere)).toEqual(allowed("exporter"));
  });

  test("takes nothing from one's own role", () => {
    for (const there of CAMPAIGN_ROLES)
      expect(permissionsIn(access("owner", there), "wells")).toEqual(allowed("owner"));
  });

  test("allows nothing that concerns more than this campaign", () => {
    const there = permissionsIn(access("member", "owner"), "wells");
    expect(PERMISSIONS.filter((permission) => !there.includes(permission))).toEqual([
      "create",
      "run mail",
      "manage access",
    ]);
  });
});
