import { settings } from "@/lib/settings";

/** Returns `wanted` if it is a page of this desk, else the desk itself. Prevents open redirects. */
export function ownPath(wanted: string | null): string {
  const { siteUrl } = settings();
  if (wanted === null || !URL.canParse(wanted, siteUrl)) return "/admin";
  const { origin, pathname, search } = new URL(wanted, siteUrl);
  const ours = origin === new URL(siteUrl).origin && /^\/(?:admin|api\/admin)(?:\/|$)/.test(pathname);
  return ours && !pathname.startsWith("/admin/sign-") ? `${pathname}${search}` : "/admin";
}
