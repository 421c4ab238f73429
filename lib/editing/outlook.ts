import type { Actor } from "@/lib/audit";
import { database } from "@/lib/db/client";
import type { Fault } from "@/lib/document";
import type { Locale } from "@/lib/i18n/locales";
import { type FourEyes, missingEyes } from "./drafts";
import { checkFiles, filesIn, type Held, workingVersion } from "./held";
import { changesCall } from "./publish";

/** What publishing the version that is being worked on would do, or what stands in its way. */
export type Outlook = {
  faults: readonly Fault[];
  /** Languages in which the new text would be visible; none if there are faults. */
  languages: readonly Locale[];
  /** Whether it asks for something else than what people have signed. */
  changesCall: boolean;
  /** What is missing where two people are asked for; null if nothing is. */
  missing: FourEyes["why"] | null;
};

/** Returns what publishing would do, for somebody who would do it; null if nothing is being worked on. */
export async function outlookOf(actor: Actor, slug: string): Promise<Outlook | null> {
  const reader = database();
  const held: Held | null = await reader.campaign.findUnique({
    where: { slug },
    select: { id: true, slug: true, status: true, fourEyes: true },
  });
  const draft = held && (await workingVersion(reader, held.id));
  if (!held || !draft) return null;
  const read = await checkFiles(reader, held, await filesIn(reader, draft.id));
  const missing = (await missingEyes(reader, held, draft, actor.id))?.why ?? null;
  return read.ok
    ? {
        faults: [],
        languages: read.content.settings.languages,
        changesCall: await changesCall(reader, held, read.content),
        missing,
      }
    : { faults: read.faults, languages: [], changesCall: false, missing };
}
