import { describe, expect, test } from "vitest";
import { moment } from "@/components/admin/moment";

const EVENING = new Date("2026-11-27T19:45:09Z");

describe("a time at the desk", () => {
  test.each([
    ["minute", "2026-11-27 19:45"],
    ["minute-without-year", "11-27 19:45"],
    ["second", "2026-11-27 19:45:09"],
    ["day", "2026-11-27"],
  ] as const)("in the format %s is %s", (format, shown) => {
    expect(moment(EVENING, "UTC", format)).toBe(shown);
  });

  test.each([
    ["Asia/Kabul", "2026-11-28 00:15"],
    ["Asia/Karachi", "2026-11-28 00:45"],
    ["America/New_York", "2026-11-27 14:45"],
    ["Pacific/Kiritimati", "2026-11-28 09:45"],
  ])("in %s is %s", (timeZone, shown) => {
    expect([moment(EVENING, timeZone), moment(EVENING, timeZone, "day")]).toEqual([
      shown,
      shown.slice(0, 10),
    ]);
  });

  test("follows daylight saving time", () => {
    const shown = [new Date("2026-07-01T12:00:00Z"), new Date("2026-12-01T12:00:00Z")];
    expect(shown.map((at) => moment(at, "Europe/Berlin").slice(-5))).toEqual(["14:00", "13:00"]);
  });

  test("is in UTC, and says so, in a zone that the browser does not know", () => {
    expect(moment(EVENING, "Mars/Olympus_Mons")).toBe("2026-11-27 19:45 UTC");
  });
});
