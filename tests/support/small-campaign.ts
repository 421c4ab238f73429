import type { CampaignFiles } from "@/lib/document";

type Texts = { goal?: number; title?: string; demand?: string; point?: string; section?: string };

/** The files of a small campaign in English, with comments as people write them. */
export function campaignFiles(
  slug: string,
  {
    goal = 500,
    title = "Clean water for every village",
    demand = "Dig wells now.",
    point = "Begin where none is near.",
    section = "Wells ran dry in 2026.",
  }: Texts = {},
): CampaignFiles {
  return new Map([
    [
      "campaign.yaml",
      `# Made up, for tests.
slug: ${slug} # Its address.

goal: ${goal}
languages:   [en]
`,
    ],
    [
      "en.md",
      `---
title: ${title}
summary: |
  Many villages have no clean water.[^K1]
share: |
  Many villages have no clean water. Sign with me.
---

:::call{to="The Minister of Water"}
${demand}

1. ${point}[^K1]
:::

## What is happening

${section}[^K1]

They may run dry again.[^K1]

Nobody counts them.[^K1]
`,
    ],
    [
      "sources.yaml",
      `# One is enough.
- key: K1
  publisher: A survey
  title: Wells by village
  date: "2026-10-01"
  url: https://example.org/wells
`,
    ],
  ]);
}
