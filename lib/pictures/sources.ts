import { listen } from "@/lib/announcements";
import { database } from "@/lib/db/client";
import { log } from "@/lib/log";
import { perProcess } from "@/lib/per-process";
import { EXTENSIONS, PICTURE_TYPES, type PictureType } from "./formats";
import { forgetRenditionsBut } from "./renditions";

/** What a page needs to show a picture. */
export type PictureSources = {
  width: number;
  height: number;
  /** Widths that browsers may load, narrowest first. */
  widths: readonly number[];
  /** Formats of each width, smallest first. Every browser shows the last one. */
  types: readonly PictureType[];
  /** Returns the path of a picture in one of its widths and types. */
  url(width: number, type: PictureType): string;
};

type Campaigns = ReadonlyMap<string, ReadonlyMap<string, PictureSources>>;
type Row = {
  slug: string;
  name: string;
  sha256: string;
  width: number;
  height: number;
  widths: number[];
  types: string[];
};

/** The pictures of every campaign, as this process last read them. */
const known = perProcess("pictures/sources", (): { campaigns: Campaigns } => ({
  campaigns: new Map(),
}));

/** Returns what a page needs to show a picture of a campaign; null if there is none of that name. */
export function pictureSources(slug: string, name: string): PictureSources | null {
  return known.campaigns.get(slug)?.get(name) ?? null;
}

/** Reads what pages need of the pictures from the database. */
export async function loadPictures(): Promise<void> {
  const rows = await database().$queryRaw<Row[]>`
    SELECT campaign.slug, picture.name, encode(picture.sha256, 'hex') AS sha256, picture.width, picture.height,
      array_agg(DISTINCT rendition.width ORDER BY rendition.width) AS widths, array_agg(DISTINCT rendition.type) AS types
    FROM campaign_picture AS picture JOIN campaign ON campaign.id = picture.campaign_id
    JOIN picture_rendition AS rendition ON rendition.sha256 = picture.sha256
    GROUP BY campaign.slug, picture.campaign_id, picture.name`;
  const campaigns = new Map<string, Map<string, PictureSources>>();
  for (const row of rows) {
    const pictures = campaigns.get(row.slug) ?? new Map<string, PictureSources>();
    campaigns.set(row.slug, pictures.set(row.name, sourcesFrom(row)));
  }
  known.campaigns = campaigns;
  forgetRenditionsBut(new Set(rows.map(({ sha256 }) => sha256)));
}

function sourcesFrom({ sha256, width, height, widths, types }: Row): PictureSources {
  return {
    width,
    height,
    widths,
    types: PICTURE_TYPES.filter((type) => types.includes(type)),
    url: (wide, type) => `/pictures/${sha256}-${wide}.${EXTENSIONS[type]}`,
  };
}

/** Reads the pictures at once, and again whenever somebody adds or removes one, until the signal aborts. */
export function followPictures(signal: AbortSignal): Promise<void> {
  return listen(
    "campaigns",
    () => {
      loadPictures().catch((error: unknown) => log.error("the pictures were not read again", error));
    },
    signal,
  );
}
