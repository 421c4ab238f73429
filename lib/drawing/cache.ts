import { campaignNamed, campaignSlugs, contentFor, languagesOf, type Outcome } from "@/lib/campaigns";
import { isDatabaseUnavailable } from "@/lib/db/unavailable";
import type { Locale } from "@/lib/i18n/locales";
import { messagesFor } from "@/lib/i18n/messages";
import { perProcess } from "@/lib/per-process";
import { settings } from "@/lib/settings";
import { type CampaignFigures, campaignFigures } from "@/lib/signing";
import { type PictureFormat, type Publisher, roundedDown } from "./campaign-picture";
import { drawnText } from "./drawn-text";
import type { DrawingJob } from "./job";
import type { PacketSubject } from "./packet";
import { drawingQueue } from "./queue";
import { DrawingQueueFull } from "./queue-full";

/** Age from which the figures in a picture are read again, in seconds. */
const FIGURES_FRESH_SECONDS = 30;
/**
 * Files kept in memory for each campaign; the least recently used is evicted. A campaign has 24 of
 * at most 200 KB, and codes.
 */
const FILES_PER_CAMPAIGN = 100;

/** The state of a file that depends on its link alone, and so never changes. */
const FIXED = "its link alone";

type Figures = { count: number; goal: number; closed: boolean; outcome?: Outcome | undefined };
type KeptFile = { madeOf: string; bytes: Promise<Buffer> };
type Kept = {
  files: Map<string, KeptFile>;
  figures: Map<string, { figures: Figures | null; readAt: number }>;
  renewing?: Promise<void> | undefined;
};

const kept = perProcess("drawing/kept", (): Kept => ({ files: new Map(), figures: new Map() }));

/** Returns the figures that pictures show; without the database the last known, or null. */
async function recentFigures(slug: string): Promise<Figures | null> {
  const known = kept.figures.get(slug);
  if (known && performance.now() - known.readAt < FIGURES_FRESH_SECONDS * 1000) return known.figures;
  try {
    const row = await campaignFigures(slug);
    const figures = row === null ? null : asDrawn(row);
    kept.figures.set(slug, { figures, readAt: performance.now() });
    return figures;
  } catch (error) {
    if (!isDatabaseUnavailable(error)) throw error;
    // Cached like a reading: the next callers need not wait for the same error.
    const figures = known?.figures ?? null;
    kept.figures.set(slug, { figures, readAt: performance.now() });
    return figures;
  }
}

function asDrawn({ count, goal, status, outcome }: CampaignFigures): Figures {
  const closed = status === "closed";
  return { count: closed ? count : roundedDown(count), goal, closed, outcome };
}

/** Returns who runs the site, as drawings name it. */
function publisher(): Publisher {
  const { siteUrl, organisationName, demonstration } = settings();
  return { siteUrl, organisation: organisationName, demonstration };
}

/**
 * Returns the campaign's picture as PNG. It shows the count rounded down, and works without the database.
 * @returns null if there is no such campaign.
 */
export async function pictureFile(
  locale: Locale,
  slug: string,
  format: PictureFormat,
): Promise<Buffer | null> {
  const content = contentFor(slug, locale);
  if (content === null) return null;
  const figures = await recentFigures(slug);
  const shown = { count: null, goal: 0, closed: false, ...figures };
  const subject = { publisher: publisher(), locale, slug, text: drawnText(content), ...shown };
  const end = figures?.closed ? (figures.outcome ?? "closed") : figures?.goal;
  const madeOf = `${versionOf(slug)}: ${figures === null ? "no figures" : `${figures.count} of ${end}`}`;
  return fileOf(`${locale}/${slug}/${format}`, madeOf, { kind: "picture", subject, format });
}

/** Returns the A4 poster as PDF, with a QR code for `link`; null if there is no such campaign. */
export function posterFile(locale: Locale, slug: string, link: string): Promise<Buffer | null> {
  return printedFile("poster", messagesFor(locale).share.poster, { locale, slug, link });
}

/**
 * Returns the sheet for signing on paper as PDF, with a QR code for `link`; null if
 * there is no such campaign.
 */
export function sheetFile(locale: Locale, slug: string, link: string): Promise<Buffer | null> {
  return printedFile("sheet", messagesFor(locale).sheet.title, { locale, slug, link });
}

/** Returns which text of a campaign a file shows. */
function versionOf(slug: string): string {
  return `text ${campaignNamed(slug)?.version}`;
}

/** Returns a QR code for `link`, as SVG. */
export function qrFile(link: string): Promise<Buffer> {
  return fileOf(`qr ${link}`, FIXED, { kind: "qr", link });
}

async function printedFile(
  kind: "poster" | "sheet",
  title: string,
  asked: { locale: Locale; slug: string; link: string },
): Promise<Buffer | null> {
  const { locale, slug, link } = asked;
  const content = contentFor(slug, locale);
  if (content === null) return null;
  const from = publisher();
  const info = { title, author: from.organisation, locale };
  return fileOf(`${locale}/${slug}/${kind} ${link}`, versionOf(slug), {
    kind,
    subject: { publisher: from, text: drawnText(content), ...asked },
    info,
  });
}

/**
 * Returns the packet for handing a petition over, as PDF. Drawn again each time and not cached.
 * @returns null if there is no such campaign.
 */
export async function packetFile(
  subject: Omit<PacketSubject, "publisher" | "texts">,
): Promise<{ bytes: Buffer; pages: number } | null> {
  const from = publisher();
  const documents = [...(campaignNamed(subject.slug)?.documents.values() ?? [])];
  const [first, ...others] = documents.map((document) => ({
    locale: document.locale,
    text: drawnText(document),
  }));
  if (first === undefined) return null;
  const info = { title: first.text.title, author: from.organisation, locale: first.locale };
  const { bytes, pages } = await drawingQueue().draw({
    kind: "packet",
    subject: { publisher: from, texts: [first, ...others], ...subject },
    info,
  });
  return { bytes: Buffer.from(bytes.buffer), pages };
}

/**
 * Draws a file once for each state of what it shows; concurrent requests share one drawing. While the queue
 * is full, the previous version is served.
 */
async function fileOf(key: string, madeOf: string, job: DrawingJob): Promise<Buffer> {
  const known = kept.files.get(key);
  const queue = drawingQueue();
  if (known && (known.madeOf === madeOf || queue.isFull(job.kind))) {
    keep(key, known);
    return known.bytes;
  }
  // Check before touching the cache: a refused drawing must not evict a file.
  if (queue.isFull(job.kind)) throw new DrawingQueueFull(`too many drawings wait: ${job.kind}`);
  const file = { madeOf, bytes: queue.draw(job).then(({ bytes }) => Buffer.from(bytes.buffer)) };
  keep(key, file);
  try {
    return await file.bytes;
  } catch (error) {
    if (kept.files.get(key) === file) kept.files.delete(key);
    throw error;
  }
}

/** Stores a file as the most recently used, and evicts the least recently used. */
function keep(key: string, file: KeptFile): void {
  kept.files.delete(key);
  kept.files.set(key, file);
  const most = FILES_PER_CAMPAIGN * campaignSlugs().length;
  for (const oldest of [...kept.files.keys()].slice(0, -most)) kept.files.delete(oldest);
}

/**
 * Draws the preview pictures of every campaign ahead of need: the first fetcher of a shared link waits only
 * for seconds. Pictures that are up to date are not drawn again.
 */
export async function preparePictures(): Promise<void> {
  for (const slug of campaignSlugs())
    for (const locale of languagesOf(slug)) await pictureFile(locale, slug, "preview");
}

/** Reads the figures again after a change that pictures may show, and redraws the previews if they differ. */
export async function renewPictures(): Promise<void> {
  // Not deleted: pictures still show them while the database is out of reach.
  for (const figures of kept.figures.values()) figures.readAt = Number.NEGATIVE_INFINITY;
  // In a surge, changes follow each other: a renewal that is already running sees the next ones too.
  kept.renewing ??= preparePictures().finally(() => {
    kept.renewing = undefined;
  });
  await kept.renewing;
}
