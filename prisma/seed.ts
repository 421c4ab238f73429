import { randomInt } from "node:crypto";
import { v7 as uuidv7 } from "uuid";
import { campaignNamed, campaignSlugs } from "@/lib/campaigns";
import { currentConsentTexts } from "@/lib/consent";
import { database } from "@/lib/db/client";
import { makeStem } from "@/lib/sharing";

/**
 * Inserts the campaigns that have a folder, and the current consent texts. Safe to repeat. Throws if a
 * consent text was reworded without a new version: what people agreed to is never rewritten.
 */
export async function seed(): Promise<void> {
  for (const slug of campaignSlugs())
    await database().$executeRaw`
      INSERT INTO campaign (id, slug, goal, share_stem)
      VALUES (${uuidv7()}::uuid, ${slug}, ${campaignNamed(slug)?.goal}, ${makeStem(randomInt)})
      ON CONFLICT (slug) DO NOTHING`;
  for (const { version, locale, text } of currentConsentTexts()) {
    const kept = await database().consentText.upsert({
      where: { version_locale: { version, locale } },
      create: { id: uuidv7(), version, locale, text },
      update: {},
    });
    if (kept.text !== text) {
      throw new Error(
        `The ${locale} consent text differs from version ${version} in the database: give it a new CONSENT_VERSION`,
      );
    }
  }
}
