import { setImmediate as afterOthers } from "node:timers/promises";
import { compressors, type Encoding, preferredEncoding } from "./direct";

type WarmPage = { markup: string; compressed: Record<Encoding, Uint8Array<ArrayBuffer>> };

/**
 * What to render, by key, and a summary of everything it is rendered from. Pages change only if `state` does.
 */
export type WarmSource = { state: string; pages: Map<string, () => Promise<string>> };

/**
 * Caches rendered pages that only signers have a reason to open.
 * A page cached on request would tell the next reader that somebody had opened it. So requests never fill
 * this cache: `renew` renders all pages together, and the old ones are served until the new ones are ready. A
 * key that is not cached is rendered for each request.
 */
export class WarmPages {
  #pages = new Map<string, WarmPage>();
  #state: string | undefined;
  #renewing: Promise<void> | undefined;
  #again = false;
  readonly #read: () => Promise<WarmSource>;

  constructor(read: () => Promise<WarmSource>) {
    this.#read = read;
  }

  /** Renders all pages again if what they show has changed. If that fails, keeps the old ones. */
  async renew(): Promise<void> {
    if (this.#renewing) {
      this.#again = true;
      return this.#renewing;
    }
    this.#renewing = this.#renewUntilDone().finally(() => {
      this.#renewing = undefined;
    });
    return this.#renewing;
  }

  /** Drops every page. Until the next renewal, each request renders its own. */
  forget(): void {
    this.#pages = new Map();
    this.#state = undefined;
  }

  /**
   * Answers with a page that no cache may store.
   * @param fill completes the markup for this reader.
   */
  async answer(
    request: Request,
    key: string,
    headers: Record<string, string>,
    render: () => Promise<string>,
    fill?: (markup: string) => string,
  ): Promise<Response> {
    const kept = this.#pages.get(key);
    const common = {
      ...headers,
      "content-type": "text/html; charset=utf-8",
      "cache-control": "no-store",
      vary: "Accept-Encoding",
    };
    const encoding = preferredEncoding(request.headers.get("accept-encoding") ?? "");
    if (kept && !fill && encoding !== null)
      return new Response(kept.compressed[encoding], {
        headers: { ...common, "content-encoding": encoding },
      });
    const markup = kept?.markup ?? (await render());
    return new Response(fill ? fill(markup) : markup, { headers: common });
  }

  async #renewUntilDone(): Promise<void> {
    do {
      this.#again = false;
      const { state, pages } = await this.#read();
      if (state === this.#state) continue;
      const renewed = new Map<string, WarmPage>();
      for (const [key, render] of pages) {
        await afterOthers();
        const markup = await render();
        const bytes = Buffer.from(markup);
        const [br, gzip] = await Promise.all([compressors.br(bytes), compressors.gzip(bytes)]);
        renewed.set(key, { markup, compressed: { br: new Uint8Array(br), gzip: new Uint8Array(gzip) } });
      }
      this.#pages = renewed;
      this.#state = state;
    } while (this.#again);
  }
}
