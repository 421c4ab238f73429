import { setImmediate as afterOthers } from "node:timers/promises";
import { compressors, type Encoding, preferredEncoding } from "./direct";

type WarmPage = { markup: string; compressed: Record<Encoding, Uint8Array<ArrayBuffer>> };

/** What is rendered, by key, and all that it is rendered from: while that stays the same, so do the pages. */
export type WarmSource = { state: string; pages: Map<string, () => Promise<string>> };

/**
 * Rendered pages that only signers have a reason to open. A page kept because somebody opened it would tell the next reader
 * that somebody did. So no request puts anything in here: pages are renewed by `renew` alone, all of them together, and the
 * old ones are served until the new ones are there. A key that is not here is rendered for everybody each time.
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

  /** Renders all pages anew if what they show has changed. When that fails, the old ones stay. */
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

  /** Forgets every page: each is rendered for every request until the next renewal. */
  forget(): void {
    this.#pages = new Map();
    this.#state = undefined;
  }

  /**
   * Answers with a page; no cache may keep it.
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
