"use server";

import { z } from "zod";
import { campaignAction } from "@/app/admin/_desk/desk-action";
import { done, failed, invalid } from "@/app/admin/_desk/outcome";
import { tooLargePicture, usedWhere } from "@/components/admin/pictures/picture-words";
import { addPicture, nameFor, PICTURE_LIMIT_BYTES, removePicture } from "@/lib/pictures";

const NO_FILE = "File: choose one. If you were asked for a code, choose it again.";
const LABELS = { name: "Name", file: "File" };

/** Adds a picture, under the name that was typed or else one made of the file's. */
export const add = campaignAction(
  "picture.add",
  z.object({ name: z.string().trim().default("") }),
  async ({ actor, slug, form, files: { file } }) => {
    if (!file) return invalid("file", NO_FILE);
    if (file.size > PICTURE_LIMIT_BYTES) return invalid("file", tooLargePicture(PICTURE_LIMIT_BYTES));
    const bytes = new Uint8Array(await file.arrayBuffer());
    const name = form.name === "" ? (nameFor(file.name, bytes) ?? file.name) : form.name;
    const added = await addPicture(actor, slug, { name, bytes });
    if (added.ok) return done(`The picture has been added. Its name is ${added.name}.`);
    const { field, message } = added.refusal;
    return invalid(field, `${LABELS[field]}: ${message}`);
  },
);

/** Removes a picture that no page shows. */
export const remove = campaignAction(
  "picture.remove",
  z.object({ name: z.string() }),
  async ({ actor, slug, form: { name } }) => {
    const removing = await removePicture(actor, slug, name);
    switch (removing.kind) {
      case "removed":
        return done(`${name} has been removed.`);
      case "used":
        return failed(
          "The picture is in use",
          `Take it out of the text first: ${removing.uses.map(usedWhere).join("; ")}.`,
        );
      case "unknown":
        return failed("There is no such picture", "Somebody else may have removed it already.");
    }
  },
  { howMany: async () => 1 },
);
