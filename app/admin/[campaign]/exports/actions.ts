"use server";

import { z } from "zod";
import { campaignAction, oneOf } from "@/app/admin/_desk/desk-action";
import { done, failed, invalid, type Outcome, redirectTo } from "@/app/admin/_desk/outcome";
import type { FileToFetch } from "@/components/admin/ExportForms";
import { EXPORT_LABELS, exportSentence } from "@/components/admin/export-words";
import {
  checkExportParameters,
  checkPacketParameters,
  deleteSettings,
  queryOfForm,
  REASON_MIN_CHARACTERS,
  saveSettings,
} from "@/lib/export";

/** The choices are checked by the rules of the file's own address. */
const choices = z.record(z.string(), z.string());
const NO_REASON = `${EXPORT_LABELS.reason}: write at least ${REASON_MIN_CHARACTERS} characters.`;

/**
 * Hands out a file's address, for the form to show. A redirect would not do: with JavaScript the framework follows it on
 * the server first, which would run the export twice, and then waits for a page that never comes.
 */
function fileAt(address: string): Outcome<FileToFetch> {
  return { kind: "found", result: { address } };
}

function refused(mistake: { parameter: string; message: string }): Outcome {
  return invalid(mistake.parameter, exportSentence(mistake));
}

/** Checks what to export, and why, and answers with the file's address. */
export const askForFile = campaignAction<typeof choices, FileToFetch>(
  "export.choose",
  choices,
  async ({ slug, form }) => {
    const query = queryOfForm(form);
    const checked = checkExportParameters(query);
    if (!checked.ok) return refused(checked);
    if (checked.parameters.reason === null) return invalid("reason", NO_REASON);
    return fileAt(`/api/admin/petitions/${slug}/export?${query}`);
  },
);

/** Saves the choices under a name. */
export const saveChoices = campaignAction<typeof choices, FileToFetch>(
  "export.save-choices",
  choices,
  async ({ actor, slug, form }) => {
    const { name = "" } = form;
    if (name.trim() === "") return invalid("name", `${EXPORT_LABELS.name}: write one.`);
    const query = queryOfForm(form);
    const saving = await saveSettings({ slug, name, query, actor });
    switch (saving.kind) {
      case "saved":
        return redirectTo(`/admin/${slug}/exports?${query}`);
      case "invalid":
        return refused(saving);
      case "unknown-campaign":
        return failed("There is no such campaign", "Go to the overview and choose one.");
    }
  },
);

/** Does what the pressed button says with the choices. */
export const exportOrSave = oneOf({ export: askForFile, save: saveChoices });

/** Deletes saved choices. */
export const deleteChoices = campaignAction(
  "export.delete-choices",
  z.object({ id: z.uuid("These choices are not known. They may have been deleted already.") }),
  async ({ actor, slug, form }) => {
    await deleteSettings(slug, form.id, actor);
    return done("The saved choices have been deleted.");
  },
);

/** Checks what the packet is for, and answers with the PDF's address. */
export const askForPacket = campaignAction<typeof choices, FileToFetch>(
  "export.choose-packet",
  choices,
  async ({ slug, form: { names, reason } }) => {
    const query = new URLSearchParams({ ...(names ? { names } : {}), ...(reason ? { reason } : {}) });
    const checked = checkPacketParameters(query);
    if (!checked.ok) return refused(checked);
    if (checked.parameters.reason === undefined) return invalid("reason", NO_REASON);
    return fileAt(`/api/admin/petitions/${slug}/packet?${query}`);
  },
);
