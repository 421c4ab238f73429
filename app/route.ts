import { CAMPAIGN_SLUG } from "@/lib/campaigns";
import { leadOn } from "@/lib/http/answers";
import { readerLocale } from "./_pages/message";

/** The address people remember: on to the campaign, in the language their browser asks for. */
export function GET(request: Request): Response {
  return leadOn(`/${readerLocale(request)}/${CAMPAIGN_SLUG}`, { vary: "Accept-Language" });
}
