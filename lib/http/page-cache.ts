import { createHash } from "node:crypto";

/** How long a rendered page is served before it is rendered again, in seconds: half of the 10 a count may lag. */
export const PAGE_FRESH_SECONDS = 5;
/** What caches before us may do: keep a page as long again, and serve it old while we render or are down. */
export const SHARED_CACHE_CONTROL = `public, max-age=0, s-maxage=${PAGE_FRESH_SECONDS}, stale-while-revalidate=60, stale-if-error=86400`;

type CachedPage = { etag: string; markup: string; renderedAt: number };

/**
 * Rendered public pages of this process. A page is rendered by one request at a time, the others wait
 * for it; when rendering fails, the last good page is served on.
 */
export class PageCache {
  readonly #pages = new Map<string, CachedPage>();
  readonly #rendering = new Map<string, Promise<CachedPage>>();

  /** Forgets every page; the next request sees what changed. */
  clear(): void {
    this.#pages.clear();
    this.#rendering.clear();
  }

  /** Answers with the page kept under `key`, rendered by `render` when it is missing or old. */
  async answer(
    request: Request,
    key: string,
    headers: Record<string, string>,
    render: () => Promise<string>,
  ): Promise<Response> {
    const page = await this.#fresh(key, render);
    const shared = {
      ...headers,
      "cache-control": SHARED_CACHE_CONTROL,
      "content-type": "text/html; charset=utf-8",
      vary: "Accept-Encoding",
      etag: page.etag,
    };
    if (request.headers.get("if-none-match")?.includes(page.etag))
      return new Response(null, { status: 304, headers: shared });
    // Compressed on the way out by Next, which would encode a second time what is compressed here.
    return new Response(page.markup, { headers: shared });
  }

  async #fresh(key: string, render: () => Promise<string>): Promise<CachedPage> {
    const kept = this.#pages.get(key);
    if (kept && Date.now() - kept.renderedAt < PAGE_FRESH_SECONDS * 1000) return kept;
    const running = this.#rendering.get(key) ?? this.#render(key, render);
    this.#rendering.set(key, running);
    try {
      return await running;
    } catch (error) {
      if (kept) return kept;
      throw error;
    } finally {
      if (this.#rendering.get(key) === running) this.#rendering.delete(key);
    }
  }

  async #render(key: string, render: () => Promise<string>): Promise<CachedPage> {
    const markup = await render();
    const page: CachedPage = {
      etag: `W/"${createHash("sha256").update(markup).digest("base64url").slice(0, 22)}"`,
      markup,
      renderedAt: Date.now(),
    };
    this.#pages.set(key, page);
    return page;
  }
}
