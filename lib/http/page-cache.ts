import { answerTagged, etagOf } from "./answers";

// A count may lag by 10 s. It does so by the sum of the three: kept here, kept by a cache before us, served old while
// that cache asks again.
/** How long a rendered page is served before it is rendered again, in seconds. */
const PAGE_FRESH_SECONDS = 2;
const SHARED_FRESH_SECONDS = 5;
const SHARED_STALE_SECONDS = 2;
/** How long a cache may go on serving a page that we fail to renew, in seconds. */
const STALE_IF_ERROR_SECONDS = 86_400;
/** What caches before us may do: keep a page, serve it old for a moment while they renew it, and for long while we are down. */
export const SHARED_CACHE_CONTROL = `public, max-age=0, s-maxage=${SHARED_FRESH_SECONDS}, stale-while-revalidate=${SHARED_STALE_SECONDS}, stale-if-error=${STALE_IF_ERROR_SECONDS}`;
/** The least time between two clearings, in milliseconds: in a surge every moment brings a confirmation. */
const CLEARING_INTERVAL_MILLISECONDS = 1_000;

/** `renderedAt` is of the clock that nobody sets: set back, the other would keep a page for as long. */
type CachedPage = { etag: string; markup: string; renderedAt: number };

/** One of many pages that differ from the cached one in a text only. The name, of letters and digits, tells them apart. */
export type PageVariant = { name: string; fill(markup: string): string };

/**
 * Rendered public pages of this process. A page is rendered by one request at a time, the others wait
 * for it; when rendering fails, the last good page is served on.
 */
export class PageCache {
  readonly #pages = new Map<string, CachedPage>();
  readonly #rendering = new Map<string, Promise<CachedPage>>();

  readonly #announce: () => void;
  #clearedAt = Number.NEGATIVE_INFINITY;
  #clearing: NodeJS.Timeout | undefined;

  /** @param announce is called whenever the pages were cleared because something changed here. */
  constructor(announce: () => void = () => {}) {
    this.#announce = announce;
  }

  /** Something that pages show has changed: forgets every page, at once or within a second of the last time. */
  clear(): void {
    if (this.#clearing) return;
    const wait = this.#clearedAt + CLEARING_INTERVAL_MILLISECONDS - performance.now();
    if (wait <= 0) this.#clearNow();
    else this.#clearing = setTimeout(() => this.#clearNow(), wait).unref();
  }

  /** Forgets every page; the next request sees what changed. */
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
   * Answers with the page cached under `key`, rendered by `render` when it is missing or old.
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
    // Compressed on the way out by Next, which would encode a second time what is compressed here.
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
