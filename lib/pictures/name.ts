import { EXTENSIONS, type PictureType } from "./formats";

/** Longer than any name that anybody reads. */
const NAME_MAX_CHARACTERS = 100;
const NAME_FORM = /^[a-z0-9]+(?:-[a-z0-9]+)*\.(?:jpg|png|webp|avif)$/;

/** Whether a text can name a picture, as a document does: `gate.jpg`. */
export function isPictureName(text: string): boolean {
  return text.length <= NAME_MAX_CHARACTERS && NAME_FORM.test(text);
}

/** Returns the nearest name that is allowed: `IMG 1234 (Copy).JPEG` becomes `img-1234-copy.jpg`. */
export function mendedName(name: string, type: PictureType): string {
  const [last = ""] = name.split(/[/\\]/).slice(-1);
  const stem = last
    .replace(/\.[^.]*$/, "")
    .normalize("NFKD")
    .toLowerCase()
    .replace(/\p{Mark}/gu, "")
    .replace(/[^a-z0-9]+/g, "-")
    .slice(0, NAME_MAX_CHARACTERS - ".webp".length)
    .replace(/^-+|-+$/g, "");
  return `${stem === "" ? "picture" : stem}.${EXTENSIONS[type]}`;
}
