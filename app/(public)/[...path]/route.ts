import { answerNotFound, readerLocale } from "@/app/(public)/_pages/message";
import { isLocale } from "@/lib/i18n/locales";

/** In the language that the address begins with, if any. */
async function notFound(request: Request, { params }: RouteContext<"/[...path]">): Promise<Response> {
  const [first = ""] = (await params).path;
  return answerNotFound(request, isLocale(first) ? first : readerLocale(request));
}

// Asked by OPTIONS for every other method, too.
export { notFound as GET, notFound as OPTIONS, notFound as POST };
