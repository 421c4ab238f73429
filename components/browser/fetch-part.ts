import { REFRESH_HEADER } from "@/lib/http/refresh-header";

/**
 * Fetches one part of the current page again, which does not keep an idle session alive.
 * @returns its HTML; null if the session has ended or the part is gone.
 */
export async function fetchPart(id: string): Promise<string | null> {
  const answer = await fetch(location.href, { headers: { [REFRESH_HEADER]: "yes" } });
  if (answer.redirected || !answer.ok) return null;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  return page.getElementById(id)?.innerHTML ?? null;
}
