import type { Metadata } from "next";
import { campaignPage } from "@/app/admin/_desk/desk-page";
import { Pictures } from "@/components/admin/pictures/Pictures";
import { PICTURE_LIMIT_BYTES, PICTURE_TYPES, pictureSources, picturesOf } from "@/lib/pictures";
import { add, remove } from "./actions";

export const metadata: Metadata = { title: "Pictures" };

export default campaignPage("picture.list", async ({ slug, may }) => {
  const pictures = await picturesOf(slug);
  return (
    <Pictures
      pictures={pictures.map((picture) => ({ ...picture, thumbnail: thumbnailOf(slug, picture.name) }))}
      limitBytes={PICTURE_LIMIT_BYTES}
      types={PICTURE_TYPES}
      actions={may("write") ? { add, remove } : null}
    />
  );
});

/** The narrowest rendition, in the format that every browser shows. */
function thumbnailOf(slug: string, name: string): string | null {
  const sources = pictureSources(slug, name);
  const [width] = sources?.widths ?? [];
  const type = sources?.types.at(-1);
  return sources && width !== undefined && type !== undefined ? sources.url(width, type) : null;
}
