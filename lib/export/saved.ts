import { v7 as uuidv7 } from "uuid";
import { type Actor, recordAudit } from "@/lib/audit";
import { database } from "@/lib/db/client";
import { checkExportParameters, settingsName } from "./parameters";

export type SavedSettings = { id: string; name: string; query: string; savedBy: string };

export type Saving =
  | { kind: "saved" }
  | { kind: "unknown-campaign" }
  | { kind: "invalid"; parameter: string; message: string };

/** Lists what a campaign's exporters have saved, by name. */
export function savedSettings(slug: string): Promise<SavedSettings[]> {
  return database().exportSettings.findMany({
    where: { campaign: { slug } },
    select: { id: true, name: true, query: true, savedBy: true },
    orderBy: { name: "asc" },
  });
}

/**
 * Saves the choices of an export under a name, replacing those of that name. Leaves out the reason:
 * each export has its own.
 */
export async function saveSettings(task: {
  slug: string;
  name: string;
  query: URLSearchParams;
  actor: Actor;
}): Promise<Saving> {
  const named = settingsName.safeParse(task.name);
  if (!named.success)
    return { kind: "invalid", parameter: "name", message: named.error.issues[0]?.message ?? "is wrong" };
  const query = new URLSearchParams(task.query);
  query.delete("reason");
  const checked = checkExportParameters(query);
  if (!checked.ok) return { kind: "invalid", parameter: checked.parameter, message: checked.message };
  const name = named.data;
  const kept = { query: query.toString(), savedBy: task.actor.label, savedAt: new Date() };
  return database().$transaction(async (transaction) => {
    const campaign = await transaction.campaign.findUnique({
      where: { slug: task.slug },
      select: { id: true },
    });
    if (!campaign) return { kind: "unknown-campaign" };
    const campaignId = campaign.id;
    await transaction.exportSettings.upsert({
      where: { campaignId_name: { campaignId, name } },
      create: { id: uuidv7(), campaignId, name, ...kept },
      update: kept,
    });
    const detail = { name, query: kept.query };
    await recordAudit(
      { actor: task.actor, action: "export-settings.save", campaign: task.slug, detail },
      transaction,
    );
    return { kind: "saved" };
  });
}

/** Deletes saved choices. Safe to repeat. */
export function deleteSettings(slug: string, id: string, actor: Actor): Promise<void> {
  return database().$transaction(async (transaction) => {
    const where = { id, campaign: { slug } };
    const found = await transaction.exportSettings.findFirst({ where });
    if (!found) return;
    await transaction.exportSettings.deleteMany({ where });
    const detail = { name: found.name };
    await recordAudit({ actor, action: "export-settings.delete", campaign: slug, detail }, transaction);
  });
}
