import { handleErrors } from "@/app/(public)/_pages/errors";
import { readerLocale } from "@/app/(public)/_pages/message";
import { campaignsInFront } from "@/lib/campaigns";
import { REDIRECT_CACHE_CONTROL, redirect } from "@/lib/http/answers";

/** Redirects to the only open campaign, or to the list of several, in the language the browser asks for. */
export function GET(request: Request): Promise<Response> {
  return handleErrors(request, async () => {
    const locale = readerLocale(request);
    const [slug, ...others] = await campaignsInFront();
    const page = others.length === 0 ? `/${locale}/${slug}` : `/${locale}`;
    return redirect(page, {
      status: 307,
      headers: { "cache-control": REDIRECT_CACHE_CONTROL, vary: "Accept-Language" },
    });
  });
}
