import { settings } from "@/lib/settings";

/** A page of the desk on this very site, or the desk: nobody is led elsewhere. */
export function ownPath(wanted: string | null): string {
  const { siteUrl } = settings();
  if (wanted === null || !URL.canParse(wanted, siteUrl)) return "/admin";
  const { origin, pathname, search } = new URL(wanted, siteUrl);
  const ours = origin === new URL(siteUrl).origin && /^\/(?:admin|api\/admin)(?:\/|$)/.test(pathname);
  return ours && !pathname.startsWith("/admin/sign-") ? `${pathname}${search}` : "/admin";
}
