import { unstable_doesMiddlewareMatch } from "next/experimental/testing/server";
import { describe, expect, test } from "vitest";
import { isDeskPage } from "@/lib/desk/gate";
import { config } from "@/proxy";
import { routes } from "@/tests/support/routes";

// The framework reads the matcher from the source, so it cannot share a pattern with the gate.
const isMatched = (url: string) => unstable_doesMiddlewareMatch({ config, url, nextConfig: {} });

const OF_FILES = routes
  .filter(({ file }) => file.startsWith("app/admin/"))
  .map(({ file }) => ({
    address: file.replace(/^app(.*)\/[^/]+$/, "$1").replaceAll(/\[\w+\]/g, "some"),
    isPage: !file.includes("/route.ts"),
  }));

/** Addresses that have no file of their own: the framework renders the desk's not-found page. */
const NOT_FOUND = [
  "/admin/sign-in/x",
  "/admin/sign-in/x/y",
  "/admin/sign-out/x",
  "/admin/enrol",
  "/admin/enrol/x/y",
  "/admin/enrol/x.y",
  "/admin/sign-in.rsc",
  "/admin/SIGN-IN",
  "/admin/Enrol/x",
  // A campaign may be called like the beginning of another address.
  "/admin/sign-in-for-all",
  "/admin/sign-outs",
  "/admin/enrolment/x",
];

describe("the content security policy of the desk's pages", () => {
  test.each(OF_FILES)("covers $address if it is a page", ({ address, isPage }) => {
    expect([isMatched(address), isDeskPage(address)]).toEqual([isPage, isPage]);
  });

  test.each(NOT_FOUND)("covers the not-found page at %s", (address) => {
    expect([isMatched(address), isDeskPage(address)]).toEqual([true, true]);
  });

  test.each(["/", "/en/some", "/api/admin/audit", "/administration"])("leaves out %s", (address) => {
    expect([isMatched(address), isDeskPage(address)]).toEqual([false, false]);
  });
});
