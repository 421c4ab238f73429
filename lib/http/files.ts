import { answerTagged } from "./answers";
import { EMPTY_PAGE_POLICY } from "./baseline";

/** How long caches before us may serve a picture as it is, in seconds; it shows a rounded count, which changes seldom. */
const FILE_FRESH_SECONDS = 300;
const FILE_CACHE_CONTROL = `public, max-age=${FILE_FRESH_SECONDS}, s-maxage=${FILE_FRESH_SECONDS}, stale-while-revalidate=86400, stale-if-error=604800`;

export type FileKind = "image/png" | "image/svg+xml; charset=utf-8" | "application/pdf";

/**
 * Answers with a file that anyone may keep and any site may show; 304 when the client holds the same (RFC 9110, 13.1.2).
 * @param download the file's name when it is to be saved rather than shown.
 */
export function answerFile(request: Request, bytes: Buffer, type: FileKind, download?: string): Response {
  const isSvg = type.startsWith("image/svg");
  const answer = answerTagged(request, new Uint8Array(bytes), {
    "cache-control": FILE_CACHE_CONTROL,
    "content-type": type,
    "cross-origin-resource-policy": "cross-origin",
    // Opened by itself, an SVG is a document: it may load and run nothing, and is of no origin.
    ...(isSvg ? { "content-security-policy": `${EMPTY_PAGE_POLICY}; sandbox` } : {}),
    ...(download === undefined ? {} : { "content-disposition": `attachment; filename="${download}"` }),
  });
  if (answer.status === 200) answer.headers.set("content-length", String(bytes.byteLength));
  return answer;
}
