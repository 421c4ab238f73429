import { answerTagged, etagOf } from "./answers";

// A count may lag by 10 s. Three delays add up: our cache, caches
// in front of us, and their stale copy while they revalidate.
/** How long a rendered page is served before it is rendered again, in seconds. */
const PAGE_FRESH_SECONDS = 2;
const SHARED_FRESH_SECONDS = 5;
const SHARED_STALE_SECONDS = 2;
/** How long a cache may keep serving a page that we fail to renew, in seconds. */
const STALE_IF_ERROR_SECONDS = 86_400;
/**
 * Lets caches in front of us keep a page, serve it stale briefly
 * while they revalidate, and much longer while we are down.
 */
export const SHARED_CACHE_CONTROL = `public, max-age=0, s-maxage=${SHARED_FRESH_SECONDS}, stale-while-revalidate=${SHARED_STALE_SECONDS}, stale-if-error=${STALE_IF_ERROR_SECONDS}`;
/** How long anybody may cache the public figures, in seconds. */
const FIGURES_CACHE_SECONDS = 10;
/**
 * Shared caches keep the figures no longer than a page, because browsers cache again what a shared cache
 * serves stale.
 */
export const FIGURES_CACHE_CONTROL = SHARED_CACHE_CONTROL.replace(
  "max-age=0",
  `max-age=${FIGURES_CACHE_SECONDS}`,
);
/** The minimum time between two clearings, in milliseconds. In a surge, confirmations arrive constantly. */
const CLEARING_INTERVAL_MILLISECONDS = 1_000;

/** `renderedAt` uses the monotonic clock. A wall clock set back would keep pages too long. */
type CachedPage = { etag: string; markup: string; renderedAt: number };

/** A page that differs from the cached one only in some text. The name (letters and digits) identifies it. */
export type PageVariant = { name: string; fill(markup: string): string };

/**
 * Caches this process's rendered public pages.
 * One request renders a page while others wait for it. If rendering fails, the last good page is served.
 */
export class PageCache {
  readonly #pages = new Map<string, CachedPage>();
  readonly #rendering = new Map<string, Promise<CachedPage>>();

  readonly #announce: () => void;
  #clearedAt = Number.NEGATIVE_INFINITY;
  #clearing: NodeJS.Timeout | undefined;

  /** @param announce is called whenever pages were cleared because something changed here. */
  constructor(announce: () => void = () => {}) {
    this.#announce = announce;
  }

  /**
   * Clears the cache because something on the pages has changed:
   * at once, or within a second of the last clearing.
   */
  clear(): void {
    if (this.#clearing) return;
    const wait = this.#clearedAt + CLEARING_INTERVAL_MILLISECONDS - performance.now();
    if (wait <= 0) this.#clearNow();
    else this.#clearing = setTimeout(() => this.#clearNow(), wait).unref();
  }

  /** Drops every page without announcing it; the next request renders it again. */
  forget(): void {
    this.#pages.clear();
    this.#rendering.clear();
  }

  #clearNow(): void {
    clearTimeout(this.#clearing);
    this.#clearing = undefined;
    this.#clearedAt = performance.now();
    this.forget();
    this.#announce();
  }

  /**
   * Answers with the page cached under `key`; calls `render` if it is missing or old.
   * @param variant fills in what differs between readers.
   */
  async answer(
    request: Request,
    key: string,
    headers: Record<string, string>,
    render: () => Promise<string>,
    variant?: PageVariant,
  ): Promise<Response> {
    const page = await this.#fresh(key, render);
    const shared = {
      ...headers,
      "cache-control": SHARED_CACHE_CONTROL,
      "content-type": "text/html; charset=utf-8",
      vary: "Accept-Encoding",
    };
    // Not compressed here: the response is compressed on the way out, by `answerDirectly` or Next.
    if (variant === undefined) return answerTagged(request, page.markup, shared, page.etag);
    const etag = page.etag.replace(/"$/, `.${variant.name}"`);
    return answerTagged(request, variant.fill(page.markup), shared, etag);
  }

  async #fresh(key: string, render: () => Promise<string>): Promise<CachedPage> {
    const kept = this.#pages.get(key);
    if (kept && performance.now() - kept.renderedAt < PAGE_FRESH_SECONDS * 1000) return kept;
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
      etag: etagOf(markup),
      markup,
      renderedAt: performance.now(),
    };
    this.#pages.set(key, page);
    return page;
  }
}
