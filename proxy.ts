import { randomBytes } from "node:crypto";
import { type NextRequest, NextResponse } from "next/server";
import { DESK_PATH_HEADER, deskPolicy } from "@/lib/http/desk-policy";

const NONCE_BYTES = 16;

/**
 * Gives every page of the desk a content security policy with a nonce of its own (CSP Level 3, 8.2); the framework adds the
 * nonce to its scripts. Notes the address that was asked for, which pages need to return to after a sign-in.
 */
export function proxy(request: NextRequest): NextResponse {
  const nonce = randomBytes(NONCE_BYTES).toString("base64");
  const policy = deskPolicy(nonce, process.env.NODE_ENV === "development");
  const headers = new Headers(request.headers);
  headers.set("content-security-policy", policy);
  headers.set(DESK_PATH_HEADER, `${request.nextUrl.pathname}${request.nextUrl.search}`);
  const response = NextResponse.next({ request: { headers } });
  response.headers.set("content-security-policy", policy);
  response.headers.set("cache-control", "no-store");
  return response;
}

/** The desk's pages, without its route handlers: those are for people who are not signed in yet, or leave, and for previews, which have the public policy. */
export const config = {
  matcher: ["/admin", "/admin/((?!(?:sign-in|sign-out|enrol/[^/.]+|[^/]+/preview/[^/.]+)$).*)"],
};
