import { embedCode } from "@/app/(public)/_pages/enhancement";

/** How long browsers may cache the script, in seconds. Its address never changes. */
const CACHE_SECONDS = 3600;

/** Serves the script that frames the form on another site and sets the frame's height. */
export function GET(): Response {
  return new Response(embedCode(), {
    headers: {
      "content-type": "text/javascript; charset=utf-8",
      "cache-control": `public, max-age=${CACHE_SECONDS}`,
      "cross-origin-resource-policy": "cross-origin",
    },
  });
}
