/** How far text of ordinary size must stand out (WCAG 2.2, 1.4.3). */
export const CONTRAST_MIN = 4.5;

/**
 * Returns the contrast of white text on a colour (WCAG 2.2, "contrast ratio" and "relative luminance"); null if it
 * is no `#rrggbb`.
 */
export function contrastWithWhite(colour: string): number | null {
  if (!/^#[0-9a-f]{6}$/i.test(colour)) return null;
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const channel = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  });
  return 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05);
}
