import type { NextRequest } from "next/server";
import { nextAuth } from "@/app/_admin/next-auth";
import { guarded } from "@/app/_pages/guard";
import { refuseForm } from "@/app/_pages/refuse";
import { json } from "@/lib/http/answers";
import { isForeign } from "@/lib/http/request";

type Context = RouteContext<"/api/auth/[...nextauth]">;

/** The parts of next-auth that the sign-in page uses. Its pages lead to ours; its sign-out is ours instead. */
const USED = new Set(["csrf", "callback/credentials", "error", "signin"]);

function answer(request: NextRequest, { params }: Context): Promise<Response> {
  return guarded(request, async () => {
    const { nextauth: path } = await params;
    if (!USED.has(path.join("/"))) return json({ error: "not_found" }, 404);
    if (request.method === "POST" && isForeign(request)) return refuseForm(request, "forbidden-origin");
    return nextAuth(request, path);
  });
}

export { answer as GET, answer as POST };
