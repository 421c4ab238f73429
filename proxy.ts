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

/**
 * The desk's pages. Left out are the addresses that are plain pages with a policy of their own: those before the sign-in, and
 * those that are still route handlers.
 */
export const config = {
  matcher: [
    "/admin/((?!sign-in|sign-out|enrol|code|access|audit|campaign|exports|invalidations|limits|mail|paper|receipts|review|sharing|signatories).*)",
  ],
};
