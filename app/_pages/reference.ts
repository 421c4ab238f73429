import { isShareCode } from "@/lib/sharing";

/** What the form begins with; the code that somebody came through goes before it. */
const FORM_START = '<input type="hidden" name="locale"';

/**
 * The campaign page for somebody who came through a short link: the same page, with the code in the form and in the
 * links to the other languages, so that it is kept with no cookie and no script. The page is rendered once for all codes.
 */
export async function keepingReference(request: Request, page: Response, slug: string): Promise<Response> {
  const code = new URL(request.url).searchParams.get("ref") ?? "";
  if (!isShareCode(code) || page.body === null) return page;
  const markup = (await page.text())
    .replace(FORM_START, `<input type="hidden" name="ref" value="${code}"/>${FORM_START}`)
    .replace(new RegExp(`href="(/[\\w-]+/${slug})"`, "g"), `href="$1?ref=${code}"`);
  const headers = new Headers(page.headers);
  const etag = headers.get("etag")?.replace(/"$/, `.${code}"`);
  if (etag === undefined) return new Response(markup, { status: page.status, headers });
  headers.set("etag", etag);
  return request.headers.get("if-none-match")?.includes(etag)
    ? new Response(null, { status: 304, headers })
    : new Response(markup, { status: page.status, headers });
}
