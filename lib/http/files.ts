import { answerTagged } from "./answers";
import { EMPTY_PAGE_POLICY } from "./baseline";

/** How long shared caches may serve a picture, in seconds. It shows a rounded count, which rarely changes. */
const FILE_FRESH_SECONDS = 300;
const FILE_CACHE_CONTROL = `public, max-age=${FILE_FRESH_SECONDS}, s-maxage=${FILE_FRESH_SECONDS}, stale-while-revalidate=86400, stale-if-error=604800`;

export type FileKind = "image/png" | "image/svg+xml; charset=utf-8" | "application/pdf";

/**
 * Answers with a file that anyone may cache and any site may
 * embed; 304 if the client has it already (RFC 9110, 13.1.2).
 * @param download the file name, if the file should be saved rather than displayed.
 */
export function answerFile(request: Request, bytes: Buffer, type: FileKind, download?: string): Response {
  const isSvg = type.startsWith("image/svg");
  const answer = answerTagged(request, new Uint8Array(bytes), {
    "cache-control": FILE_CACHE_CONTROL,
    "content-type": type,
    "cross-origin-resource-policy": "cross-origin",
    // An SVG opened directly is a document: it must load and run nothing, in an opaque origin.
    ...(isSvg ? { "content-security-policy": `${EMPTY_PAGE_POLICY}; sandbox` } : {}),
    ...(download === undefined ? {} : { "content-disposition": `attachment; filename="${download}"` }),
  });
  if (answer.status === 200) answer.headers.set("content-length", String(bytes.byteLength));
  return answer;
}
