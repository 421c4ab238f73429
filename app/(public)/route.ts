import { handleErrors } from "@/app/(public)/_pages/errors";
import { readerLocale } from "@/app/(public)/_pages/message";
import { campaignsInFront, languagesOf } from "@/lib/campaigns";
import { REDIRECT_CACHE_CONTROL, redirect } from "@/lib/http/answers";

/**
 * Redirects to the only open campaign in the language the browser asks for; to the list if there are several,
 * none, or the one is not in that language.
 */
export function GET(request: Request): Promise<Response> {
  return handleErrors(request, async () => {
    const locale = readerLocale(request);
    const [slug, ...others] = await campaignsInFront();
    const leadsOn = slug !== undefined && others.length === 0 && languagesOf(slug).includes(locale);
    const page = leadsOn ? `/${locale}/${slug}` : `/${locale}`;
    return redirect(page, {
      status: 307,
      headers: { "cache-control": REDIRECT_CACHE_CONTROL, vary: "Accept-Language" },
    });
  });
}
