import { createHash } from "node:crypto";
import { type Actor, recordAudit } from "@/lib/audit";
import { database } from "@/lib/db/client";
import { confirmedByDay } from "@/lib/desk";
import { publicTime } from "@/lib/disclosure";
import { packetFile } from "@/lib/drawing";
import { countryOptions } from "@/lib/i18n/country-names";
import { formatDate } from "@/lib/i18n/format";
import { DEFAULT_LOCALE } from "@/lib/i18n/locales";
import { shownNames } from "@/lib/sharing";
import { campaignFigures, countByCountry } from "@/lib/signing";

/** Most first names in a packet; the most common are chosen. Every page of them takes a second to draw. */
const PACKET_NAMES_MAX = 1_500;

/**
 * Creates the PDF for handing a petition over: cover, the call in every language, figures and, with `names`,
 * the first names of those who chose to be shown. The file goes to outsiders, so countries are counted as for
 * the public. Records it in the audit log.
 * @returns the file; null when there is no such campaign.
 */
export async function makePacket(
  slug: string,
  { names, reason }: { names: boolean; reason: string | null },
  actor: Actor,
  now = new Date(),
): Promise<Buffer | null> {
  const campaign = await database().campaign.findUnique({ where: { slug }, select: { id: true } });
  if (campaign === null) return null;
  const [figures, countries, days, shown] = await Promise.all([
    campaignFigures(slug),
    countByCountry(slug),
    confirmedByDay(campaign.id),
    names ? shownNames(slug) : null,
  ]);
  if (figures === null || countries === null) return null;
  const countryNames = new Map<string, string>(
    countryOptions(DEFAULT_LOCALE).map(({ code, name }) => [code, name]),
  );
  const most = new Set(shown?.toSorted((one, other) => other.count - one.count).slice(0, PACKET_NAMES_MAX));
  const made = await packetFile({
    slug,
    count: figures.count,
    at: publicTime(now),
    countries: Object.entries(countries).map(([code, count]) => ({
      name: countryNames.get(code) ?? code,
      count,
    })),
    days: days.map(({ day, confirmed }) => ({
      name: formatDate(day.toISOString(), DEFAULT_LOCALE),
      count: confirmed,
    })),
    names: shown?.filter((one) => most.has(one)) ?? null,
    namesLeftOut: (shown?.length ?? 0) - most.size,
  });
  if (made === null) return null;
  const { bytes, pages } = made;
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  const detail = { names, pages, bytes: bytes.length, sha256, reason };
  await recordAudit({ actor, action: "export.packet", campaign: slug, detail });
  return bytes;
}
