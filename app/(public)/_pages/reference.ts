import { readShareCode } from "@/lib/sharing";

/** Stands for the share code in the page that is rendered once for all of them. It can be no code itself, nor a word. */
export const REFERENCE_PLACEHOLDER = "REFERENCE-PLACEHOLDER";

/** The share code that a reader came through, by `?ref=`; null when there is none of the one shape. */
export function referenceOf(request: Request): string | null {
  return readShareCode(new URL(request.url).searchParams.get("ref") ?? "");
}

/**
 * The campaign page for somebody who came through a short link: rendered with the placeholder in the form and in the links
 * to the other languages, so that the code is kept with no cookie and no script.
 */
export async function withReference(request: Request, page: Response, code: string): Promise<Response> {
  const headers = new Headers(page.headers);
  const etag = headers.get("etag")?.replace(/"$/, `.${code}"`);
  if (etag !== undefined) {
    headers.set("etag", etag);
    if (request.headers.get("if-none-match")?.includes(etag))
      return new Response(null, { status: 304, headers });
  }
  const markup = (await page.text()).replaceAll(REFERENCE_PLACEHOLDER, code);
  return new Response(markup, { status: page.status, headers });
}
