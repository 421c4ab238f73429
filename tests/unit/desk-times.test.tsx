import type { ReactNode } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { describe, expect, test } from "vitest";
import { Day, Moment } from "@/components/admin/kit/Moment";
import { TimeZone } from "@/components/admin/kit/time-zone";
import { SignedAt } from "@/components/admin/SignedAt";

const MIDNIGHT = new Date("2026-11-27T00:00:00Z");

const inNewYork = (children: ReactNode) =>
  renderToStaticMarkup(<TimeZone zone="America/New_York">{children}</TimeZone>);

describe("a time shown at the desk", () => {
  test("is in the zone around it, and UTC where there is none", () => {
    expect(inNewYork(<Moment at={MIDNIGHT} />)).toBe(
      '<time dateTime="2026-11-27T00:00:00.000Z">2026-11-26 19:00</time>',
    );
    expect(renderToStaticMarkup(<Moment at={MIDNIGHT} />)).toContain(">2026-11-27 00:00<");
  });

  test("that never came is a dash or a word", () => {
    expect(inNewYork(<Moment at={null} />)).toBe("–");
    expect(inNewYork(<Moment at={null} otherwise="never" />)).toBe("never");
  });

  test("of which only the day is known is the same day in every zone", () => {
    expect(inNewYork(<Day on={MIDNIGHT} />)).toBe('<time dateTime="2026-11-27">2026-11-27</time>');
    const signed = (source: string) =>
      inNewYork(<SignedAt signature={{ signedAt: MIDNIGHT, source }} />).replaceAll(/<[^>]*>/g, "");
    expect([signed("paper"), signed("web")]).toEqual(["2026-11-27", "2026-11-26 19:00"]);
  });
});
