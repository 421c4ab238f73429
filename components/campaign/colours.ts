import { type CampaignSettings, CONTRAST_MIN, contrastWithWhite } from "@/lib/document";

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
  return (contrastWithWhite(colour) ?? 0) >= CONTRAST_MIN;
}
