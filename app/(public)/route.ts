import { guarded } from "@/app/(public)/_pages/guard";
import { readerLocale } from "@/app/(public)/_pages/message";
import { campaignsInFront } from "@/lib/campaigns";
import { leadOn } from "@/lib/http/answers";

/** The address people remember: on to the one open campaign, or to the list of several, in the language their browser asks for. */
export function GET(request: Request): Promise<Response> {
  return guarded(request, async () => {
    const locale = readerLocale(request);
    const [slug, ...others] = await campaignsInFront();
    const page = others.length === 0 ? `/${locale}/${slug}` : `/${locale}`;
    return leadOn(page, { vary: "Accept-Language" });
  });
}
