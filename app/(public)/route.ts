import { readerLocale } from "@/app/(public)/_pages/message";
import { CAMPAIGN_SLUG } from "@/lib/campaigns";
import { REDIRECT_CACHE_CONTROL, redirect } from "@/lib/http/answers";

/** The address people remember: on to the campaign, in the language their browser asks for. */
export function GET(request: Request): Response {
  return redirect(`/${readerLocale(request)}/${CAMPAIGN_SLUG}`, {
    status: 307,
    headers: { "cache-control": REDIRECT_CACHE_CONTROL, vary: "Accept-Language" },
  });
}
