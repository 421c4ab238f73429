import { answerNotFound, readerLocale } from "@/app/(public)/_pages/message";
import { isLocale } from "@/lib/i18n/locales";

/** Answers 404 in the language the address begins with, if any. */
async function notFound(request: Request, { params }: RouteContext<"/[...path]">): Promise<Response> {
  const [first = ""] = (await params).path;
  return answerNotFound(request, isLocale(first) ? first : readerLocale(request));
}

// For any method it does not support, the server asks with OPTIONS (lib/http/server.ts).
export { notFound as GET, notFound as OPTIONS, notFound as POST };
