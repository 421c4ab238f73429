import { NextRequest } from "next/server";
import { nextAuth } from "@/app/_admin/next-auth";
import { guarded } from "@/app/_pages/guard";
import { refuseForm } from "@/app/_pages/refuse";
import { json } from "@/lib/http/answers";
import { isForeign, readBody } from "@/lib/http/request";

type Context = RouteContext<"/api/auth/[...nextauth]">;

/** The parts of next-auth that the sign-in page uses. Its pages lead to ours; its sign-out is ours instead. */
const USED = new Set(["csrf", "callback/credentials", "error", "signin"]);
/** The largest sign-in form, in bytes. */
const SIGN_IN_FORM_LIMIT_BYTES = 16 * 1024;

function answer(request: NextRequest, { params }: Context): Promise<Response> {
  return guarded(request, async () => {
    const { nextauth: path } = await params;
    if (!USED.has(path.join("/"))) return json({ error: "not_found" }, 404);
    if (request.method !== "POST") return nextAuth(request, path);
    if (isForeign(request)) return refuseForm(request, "forbidden-origin");
    // next-auth reads bodies of any size, and fails on JSON that is none: it gets forms alone, as our page sends them.
    const { headers, url } = request;
    if (!headers.get("content-type")?.startsWith("application/x-www-form-urlencoded"))
      return refuseForm(request, "wrong-type");
    const body = await readBody(request, SIGN_IN_FORM_LIMIT_BYTES);
    if (body === null) return refuseForm(request, "too-large");
    return nextAuth(new NextRequest(url, { method: "POST", headers, body }), path);
  });
}

export { answer as GET, answer as POST };
