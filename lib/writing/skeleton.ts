import { partsOf } from "@/lib/document";

/**
 * Returns a document that is still to be translated. It has the headline of the first language; what else is
 * missing is shown in that language, too.
 */
export function skeletonOf(original: string): string {
  const title = partsOf(original).find(({ key }) => key === "title")?.markdown ?? "…";
  return `---\ntitle: ${JSON.stringify(title)}\n---\n`;
}
