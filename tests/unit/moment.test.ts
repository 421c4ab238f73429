import { describe, expect, test } from "vitest";
import { moment, momentIn } from "@/components/admin/moment";

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

describe("a time that is typed in at the desk", () => {
  test.each([
    ["Asia/Kabul", "2026-11-27T08:00", "2026-11-27T03:30:00.000Z"],
    ["UTC", "2026-11-27T08:00", "2026-11-27T08:00:00.000Z"],
    ["Europe/Berlin", "2026-07-01T08:00", "2026-07-01T06:00:00.000Z"],
    ["Pacific/Kiritimati", "2026-01-01T00:30", "2025-12-31T10:30:00.000Z"],
  ])("in %s at %s is %s", (timeZone, typed, at) => {
    expect(momentIn(typed, timeZone)?.toISOString()).toBe(at);
  });

  test("is found around the hours at which the clock is set", () => {
    const berlin = (typed: string) => momentIn(typed, "Europe/Berlin")?.toISOString();
    // It goes from 2 to 3 o'clock on 29 March, and from 3 back to 2 on 25 October.
    expect(berlin("2026-03-29T01:59")).toBe("2026-03-29T00:59:00.000Z");
    expect(berlin("2026-03-29T02:30")).toBe("2026-03-29T01:30:00.000Z");
    expect(berlin("2026-03-29T03:00")).toBe("2026-03-29T01:00:00.000Z");
    expect(berlin("2026-10-25T02:30")).toBe("2026-10-25T00:30:00.000Z");
    expect(berlin("2026-10-25T03:00")).toBe("2026-10-25T02:00:00.000Z");
  });

  test.each(["", "tomorrow", "2026-13-01T00:00", "2026-11-27", "2026-11-27T25:00"])(
    "is none if it is %j",
    (typed) => {
      expect(momentIn(typed, "UTC")).toBeNull();
    },
  );
});
