/** Returns a text with plain line ends, as the parts of documents have them. */
export function plainLines(text: string): string {
  return text.replaceAll(/\r\n?/g, "\n");
}
