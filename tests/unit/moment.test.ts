import { describe, expect, test } from "vitest";
import { day, moment, momentWithSeconds } from "@/components/admin/moment";

const EVENING = new Date("2026-11-27T19:45:09Z");

describe("a time at the desk", () => {
  test("is in UTC unless a time zone is given", () => {
    expect([moment(EVENING), momentWithSeconds(EVENING), day(EVENING)]).toEqual([
      "2026-11-27 19:45",
      "2026-11-27 19:45:09",
      "2026-11-27",
    ]);
  });

  test.each([
    ["Asia/Kabul", "2026-11-28 00:15"],
    ["Asia/Karachi", "2026-11-28 00:45"],
    ["America/New_York", "2026-11-27 14:45"],
    ["Pacific/Kiritimati", "2026-11-28 09:45"],
  ])("in %s is %s", (timeZone, shown) => {
    expect([moment(EVENING, timeZone), day(EVENING, timeZone)]).toEqual([shown, shown.slice(0, 10)]);
  });

  test("follows daylight saving time", () => {
    const shown = [new Date("2026-07-01T12:00:00Z"), new Date("2026-12-01T12:00:00Z")];
    expect(shown.map((at) => moment(at, "Europe/Berlin").slice(-5))).toEqual(["14:00", "13:00"]);
  });

  test("that never came is a dash", () => {
    expect(moment(null, "Asia/Kabul")).toBe("–");
  });
});
