import { database } from "@/lib/db/client";
import type { Prisma } from "@/lib/db/generated/client";

/** Where a document shows a picture, in the published version or the one being worked on. */
export type PictureUse = { version: "published" | "draft"; file: string; line: number };

/** A picture's directive (docs/campaigns.md): `:::picture{name="gate.jpg" …}`. Its attributes stand in one line. */
const DIRECTIVE = /^ {0,3}:{3,}picture\b[^\n]*?[\s{]name\s*=\s*(?:"([^"\n]*)"|'([^'\n]*)'|([^\s"'}]+))/;

/** Returns the pictures that a document names. It is searched as text: a draft may be too broken to be parsed. */
export function picturesNamedIn(document: string): { name: string; line: number }[] {
  return document.split("\n").flatMap((text, index) => {
    const [, quoted, single, bare] = DIRECTIVE.exec(text) ?? [];
    const name = quoted ?? single ?? bare;
    return name === undefined ? [] : [{ name, line: index + 1 }];
  });
}

/** Returns where each picture of a campaign is shown, by its name. */
export async function usesOfPictures(
  slug: string,
  reader: Prisma.TransactionClient = database(),
): Promise<Map<string, PictureUse[]>> {
  const files = await reader.$queryRaw<{ version: PictureUse["version"]; file: string; text: string }[]>`
    SELECT CASE version.state WHEN 'published' THEN 'published' ELSE 'draft' END AS version, file.path AS file, file.text
    FROM campaign JOIN campaign_version AS version ON version.campaign_id = campaign.id
    JOIN campaign_file AS file ON file.version_id = version.id
    WHERE campaign.slug = ${slug} AND version.state <> 'superseded' AND file.path LIKE '%.md'
    ORDER BY version.state = 'published' DESC, file.path`;
  const uses = new Map<string, PictureUse[]>();
  for (const { version, file, text } of files)
    for (const { name, line } of picturesNamedIn(text))
      uses.set(name, [...(uses.get(name) ?? []), { version, file, line }]);
  return uses;
}
