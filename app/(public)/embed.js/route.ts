import { embedCode } from "@/app/(public)/_pages/enhancement";

/** How long browsers may keep the script, in seconds. Its address never changes. */
const CACHE_SECONDS = 3600;

/** Frames the form on another site and gives the frame its height. */
export function GET(): Response {
  return new Response(embedCode(), {
    headers: {
      "content-type": "text/javascript; charset=utf-8",
      "cache-control": `public, max-age=${CACHE_SECONDS}`,
      "cross-origin-resource-policy": "cross-origin",
    },
  });
}
