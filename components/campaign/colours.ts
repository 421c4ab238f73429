import type { CampaignSettings } from "@/lib/document";

/** Least contrast of white letters on a colour (WCAG 2.2, 1.4.3). */
const CONTRAST_MIN = 4.5;

/**
 * Returns the style sheet that gives hero and buttons a campaign's own colours; null if it has none. A colour
 * on which the white letters could not be read is left out.
 */
export function colourStyles(colours: CampaignSettings["colours"] | undefined): string | null {
  if (!colours) return null;
  const { main, accent } = colours;
  const rules = [
    ...(isReadable(main) ? [`--deep:${main};--hero-link:#fff;--trough:rgb(255 255 255/.3)`] : []),
    ...(isReadable(accent) ? [`--go:${accent};--go-hover:${accent}`] : []),
  ];
  return rules.length === 0 ? null : `:root{${rules.join(";")}}`;
}

/** Whether white letters can be read on a colour. */
function isReadable(colour: string): boolean {
  if (!/^#[0-9a-f]{6}$/i.test(colour)) return false;
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) =>
    linear(Number.parseInt(colour.slice(at, at + 2), 16)),
  );
  const luminance = 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  return 1.05 / (luminance + 0.05) >= CONTRAST_MIN;
}

/** Undoes the gamma of a channel of sRGB (WCAG 2.2, relative luminance). */
function linear(channel: number): number {
  const share = channel / 255;
  return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
}
