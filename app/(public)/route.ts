import { readerLocale } from "@/app/(public)/_pages/message";
import { CAMPAIGN_SLUG } from "@/lib/campaigns";
import { leadOn } from "@/lib/http/answers";

/** The address people remember: on to the campaign, in the language their browser asks for. */
export function GET(request: Request): Response {
  return leadOn(`/${readerLocale(request)}/${CAMPAIGN_SLUG}`, { vary: "Accept-Language" });
}
