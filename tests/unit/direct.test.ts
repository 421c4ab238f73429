import { expect, test, vi } from "vitest";
import { preferredEncoding } from "@/lib/http/direct";
import { PageCache } from "@/lib/http/page-cache";
import { routeClass } from "@/lib/observability/metrics";

test.each([
  ["gzip, deflate, br", "br"],
  ["gzip;q=1.0, br;q=0", "gzip"],
  ["identity", null],
  ["", null],
])("accepting %j is answered with %s", (accepted, encoding) => {
  expect(preferredEncoding(accepted)).toBe(encoding);
});

test("an address that holds a token is counted by its class alone", () => {
  expect(routeClass("/api/petitions/some-slug/signatures?x=1")).toBe("sign");
  expect(routeClass("/en/confirm/secret")).toBe("page");
  expect(routeClass("/secret")).toBe("other");
});

test("many changes at once are announced at once and once more a second later", () => {
  vi.useFakeTimers();
  try {
    const announce = vi.fn();
    const pages = new PageCache(announce);
    for (let change = 0; change < 100; change += 1) pages.clear();
    expect(announce).toHaveBeenCalledTimes(1);
    vi.advanceTimersByTime(1_001);
    expect(announce).toHaveBeenCalledTimes(2);
  } finally {
    vi.useRealTimers();
  }
});
