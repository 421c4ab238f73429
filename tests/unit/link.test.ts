import { describe, expect, test } from "vitest";
import { directRoutes } from "@/app/direct-routes";
import { newToken } from "@/lib/db/keyed-hash";
import { directRouteFor } from "@/lib/http/direct";
import { mailedToken } from "@/lib/http/link";
import { LOCALES, respeltLocale } from "@/lib/i18n/locales";

/** What stood behind a link in a text, as programs take it along. */
const BEHIND = [".", ",", ")", ">", "۔", "،", "؟", "!", "'", "”", "»", ").", "_", "*", " ", "\u200F"];

describe("the token of a mailed link", () => {
  test.each(BEHIND)("is read with %j behind it, encoded or not", (behind) => {
    for (let round = 0; round < 20; round++) {
      const { token } = newToken();
      expect(mailedToken(token + behind)).toBe(token);
      expect(mailedToken(token + encodeURIComponent(behind))).toBe(token);
    }
  });

  test("is not found in what holds none", () => {
    const { token } = newToken();
    expect(mailedToken(`${token}a`)).toBe(`${token}a`);
    expect(mailedToken(token.slice(1))).not.toBe(token);
    for (const nothing of ["", "%", "%E0%A4%A", "\0", undefined, 5, ["a"]])
      expect(typeof mailedToken(nothing)).toBe("string");
  });

  test.each(BEHIND)("reaches the route that answers directly with %j behind it", (behind) => {
    for (const locale of LOCALES) {
      const url = `/${locale}/confirm/${newToken().token}${encodeURIComponent(behind)}`;
      const matched = directRouteFor(directRoutes, { method: "GET", url } as never);
      expect(matched?.parameters.token).toBeDefined();
    }
  });
});

test("a language in another spelling is known, one that the site does not have is not", () => {
  expect(["fa-af", "FA-AF", "EN", "Ur"].map(respeltLocale)).toEqual(["fa-AF", "fa-AF", "en", "ur"]);
  expect(["fa-AF", "en", "fa", "de", "english", "", "__proto__"].map(respeltLocale)).toEqual(
    Array(7).fill(null),
  );
});
