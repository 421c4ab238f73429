"use server";

import { z } from "zod";
import { campaignAction } from "@/app/admin/_desk/desk-action";
import { conflict, done, editIn, failed, invalid } from "@/app/admin/_desk/outcome";
import { addListEntry, LIMIT_NAMES, OPTION_NAMES, removeListEntry, setPolicy } from "@/lib/abuse";

const LABELS = {
  ...Object.fromEntries(Object.entries(LIMIT_NAMES).map(([name, label]) => [name, `From ${label}`])),
  ...OPTION_NAMES,
};

/** Sets limits and options. */
export const setLimits = campaignAction(
  "limits.set",
  z.record(z.string(), z.string()),
  async ({ actor, slug, form }) => {
    const changed = await setPolicy(actor, slug, editIn(form, Object.keys(LABELS)));
    if (changed.ok) return done("The limits have been saved.");
    return "theirs" in changed ? conflict(changed.theirs, LABELS) : invalid(changed.field, changed.mistake);
  },
);

/** Adds an entry to a list, or changes it. */
export const addToList = campaignAction(
  "limits.list",
  z.object({
    verdict: z.enum(["block", "allow"], "What to do: choose to block or to allow."),
    subject: z.string("Address, domain or network: write one."),
    note: z.string().trim().default(""),
  }),
  async ({ actor, slug, form }) => {
    const changed = await addListEntry(actor, slug, form);
    return changed.ok ? done("It is on the list.") : invalid(changed.field, changed.mistake);
  },
);

/** Removes an entry from its list. */
export const removeFromList = campaignAction(
  "limits.unlist",
  z.object({ entry: z.string() }),
  async ({ actor, slug, form }) => {
    const entry = z.uuid().safeParse(form.entry);
    if (!entry.success || !(await removeListEntry(actor, slug, entry.data)))
      return failed("There is no such entry", "It may have been removed already.");
    return done("It has been removed from the list.");
  },
);
