import { readerLocale } from "@/app/(public)/_pages/message";
import { ONLY_CAMPAIGN } from "@/lib/campaigns";
import { leadOn } from "@/lib/http/answers";

/** The address people remember: on to the campaign, in the language their browser asks for. */
export function GET(request: Request): Response {
  return leadOn(`/${readerLocale(request)}/${ONLY_CAMPAIGN}`, { vary: "Accept-Language" });
}
