import { answerNotFound } from "@/app/_pages/message";
import { json } from "@/lib/http/answers";
import { wantsJson } from "@/lib/http/request";

async function notFound(request: Request): Promise<Response> {
  return wantsJson(request) ? json({ error: "not_found" }, 404) : answerNotFound(request);
}

export { notFound as DELETE, notFound as GET, notFound as PATCH, notFound as POST, notFound as PUT };
