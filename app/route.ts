import { CAMPAIGN_SLUG } from "@/lib/campaign/content";
import { readerLocale } from "./_pages/message";

/** The address people remember: on to the campaign, in the language their browser asks for. */
export function GET(request: Request): Response {
  return new Response(null, {
    status: 307,
    headers: {
      location: `/${readerLocale(request)}/${CAMPAIGN_SLUG}`,
      vary: "Accept-Language",
      "cache-control": "public, max-age=0, s-maxage=60",
    },
  });
}
