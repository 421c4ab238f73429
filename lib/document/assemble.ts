import type { Locale } from "@/lib/i18n/locales";
import type { Draft, DraftBlock, DraftRow } from "./draft";
import { referencesIn } from "./draft";
import type { Block, CampaignDocument, Figure, ShareChannel, SimpleBlock, Text } from "./types";

/** Where a figure's table, and what goes with it, is written first. */
export type Table = { draft: Draft; locale: Locale; key: string; rows: readonly DraftRow[] };

/** Tables of the figures by the name of their data. */
export type Tables = ReadonlyMap<string, Table>;

const CHANNELS: readonly ShareChannel[] = ["whatsapp", "telegram", "x", "bluesky", "sms", "email"];

/**
 * Builds a campaign's document of one language. Parts that it lacks are taken from the original, in its language.
 */
export function assemble(locale: Locale, own: Draft, original: Draft, tables: Tables): CampaignDocument {
  return new Assembly(locale, own, original, tables).document();
}

class Assembly {
  readonly #references = new Set<string>();
  readonly #untranslated = new Set<string>();

  constructor(
    readonly locale: Locale,
    readonly own: Draft,
    readonly original: Draft,
    readonly tables: Tables,
  ) {}

  document(): CampaignDocument {
    const title = this.#words("title");
    const summary = this.#text("summary");
    const lead = this.#text("call.lead");
    const { call } = this.original;
    const points = Array.from({ length: call?.points ?? 0 }, (_, at) => this.#text(`call.points.${at + 1}`));
    const sections = this.original.sections.map((section) => ({
      title: section.titled ? this.#words(`${section.key}.title`) : null,
      blocks: section.blocks.map((block) => this.#block(block)),
    }));
    const outcome = this.#has("outcome") ? this.#text("outcome") : null;
    return {
      locale: this.locale,
      title,
      summary,
      call: { to: this.#words("call.to"), lead, demand: this.#words("call.demand"), points },
      sections,
      asOf: this.#has("asOf") ? this.#words("asOf") : null,
      aboutSources: this.#has("aboutSources") ? this.#words("aboutSources") : null,
      share: {
        text: this.#words("share.text"),
        subject: this.#has("share.subject") ? this.#words("share.subject") : title,
        channels: Object.fromEntries(
          CHANNELS.flatMap((channel) =>
            this.#has(`share.${channel}`) ? [[channel, this.#words(`share.${channel}`)]] : [],
          ),
        ),
      },
      outcome,
      references: [...this.#references],
      untranslated: this.#untranslated,
    };
  }

  #has(key: string): boolean {
    return this.original.parts.has(key);
  }

  #value(key: string): string | Text | null {
    const own = this.own.parts.get(key);
    if (own) return own.value;
    const fallback = this.original.parts.get(key);
    if (fallback) this.#untranslated.add(key);
    return fallback?.value ?? null;
  }

  #words(key: string): string {
    const value = this.#value(key);
    return typeof value === "string" ? value : "";
  }

  #text(key: string): Text {
    const value = this.#value(key);
    if (value === null || typeof value === "string") return [];
    this.#refer(referencesIn(value));
    return value;
  }

  #refer(sources: readonly string[]): void {
    for (const source of sources) this.#references.add(source);
  }

  #block(block: DraftBlock): Block {
    switch (block.kind) {
      case "paragraph":
      case "points":
        return this.#simple(block);
      case "figure":
        return this.#figure(block);
      case "question":
        return {
          kind: "question",
          title: this.#words(`${block.key}.title`),
          blocks: block.blocks.flatMap((each) =>
            each.kind === "paragraph" || each.kind === "points" ? [this.#simple(each)] : [],
          ),
        };
      case "timeline":
        return {
          kind: "timeline",
          events: block.events.map(({ date }, at) => ({
            date,
            text: this.#text(`${block.key}.${at + 1}`),
          })),
        };
      case "quotation":
        return {
          kind: "quotation",
          by: this.#words(`${block.key}.by`),
          text: this.#text(`${block.key}.text`),
        };
      case "picture":
        return {
          kind: "picture",
          name: block.name,
          alternative: this.#words(`${block.key}.alternative`),
          caption: this.#text(`${block.key}.caption`),
        };
    }
  }

  #simple(block: Extract<DraftBlock, { kind: "paragraph" | "points" }>): SimpleBlock {
    if (block.kind === "paragraph") return { kind: "paragraph", text: this.#text(block.key) };
    return {
      kind: "points",
      ordered: block.ordered,
      items: Array.from({ length: block.items }, (_, at) => this.#text(`${block.key}.${at + 1}`)),
    };
  }

  #figure(block: Extract<DraftBlock, { kind: "figure" }>): Figure {
    const { key, data } = block;
    const caption = this.#text(`${key}.caption`);
    const table = this.tables.get(data);
    const rows = (table?.rows ?? []).map((row, at) => {
      this.#refer(row.sources);
      return {
        at: this.#borrowed(block, `rows.${at + 1}.at`) || row.at,
        value: row.value,
        by: this.#borrowed(block, `rows.${at + 1}.by`) || row.by,
        sources: row.sources,
      };
    });
    return {
      kind: "figure",
      data,
      type: block.type ?? "line",
      title: this.#borrowed(block, "title"),
      caption,
      headings: [
        this.#borrowed(block, "headings.1"),
        this.#borrowed(block, "headings.2"),
        this.#borrowed(block, "headings.3"),
      ],
      rows,
    };
  }

  /** A text of this figure, else of another with the same data: in this document first, then where its table is. */
  #borrowed({ key, data }: { key: string; data: string }, name: string): string {
    for (const place of [key, ...figuresOf(this.own, data)]) {
      const own = this.own.parts.get(`${place}.${name}`);
      if (typeof own?.value === "string") return own.value;
    }
    const table = this.tables.get(data);
    if (!table) return "";
    for (const place of [table.key, ...figuresOf(table.draft, data)]) {
      const other = table.draft.parts.get(`${place}.${name}`);
      if (typeof other?.value !== "string") continue;
      if (table.locale !== this.locale) this.#untranslated.add(`${key}.${name}`);
      return other.value;
    }
    return "";
  }
}

function figuresOf(draft: Draft, data: string): string[] {
  return draft.sections.flatMap(({ blocks }) =>
    blocks.flatMap((block) => (block.kind === "figure" && block.data === data ? [block.key] : [])),
  );
}
