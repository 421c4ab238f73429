import { type CampaignFiles, SETTINGS_FILE, SOURCES_FILE } from "@/lib/document";

/** Returns the files of a campaign to begin with: free of faults, with every part explained. */
export function newCampaignFiles(slug: string): CampaignFiles {
  return new Map([
    [SETTINGS_FILE, settingsOf(slug)],
    [SOURCES_FILE, SOURCES],
    ["en.md", ENGLISH],
  ]);
}

const settingsOf = (
  slug: string,
) => `# The settings of a campaign. A line that begins with # is a remark and changes nothing.

# Its name in addresses: small letters, digits and dashes.
slug: ${slug}

# How many signatures you want to reach: 1 to 100,000,000, without commas.
goal: 1000

# The languages, each with a text of its own: en.md, ur.md, fa-AF.md, ps.md.
# The first is the original. The others have the same parts in the same order.
languages: [en]

# Languages that may go online although parts are missing; those are shown in the first language.
# unfinished: [ps]

# Whom you address. "country" is its two letters, or null.
targets:
  - key: minister
    name: Her or his name
    role: Minister of Water
    country: null

# Your colours, in quotes. White text must be readable on the main one. Without them the site's are used.
# colours: { main: "#8a1538", accent: "#f4b400" }
`;

const SOURCES = `# Where every statement comes from. A text leads here by a footnote with the key: [^K1].
# "date" is as precise as you know it: "2026-10-03", "2026-10" or "2026". Leave it out if there is none.
# "title" is one text, or one for each language.
# "caveat" says what to know before trusting the source. Leave it out if there is nothing to say.
- key: K1
  publisher: Who published it
  title:
    en: What it is called
  date: "2026-10-03"
  url: https://example.org/report
- key: K2
  publisher: Another office
  title: Its letter to the ministry
  url: https://example.org/letter
  caveat:
    en: The office counts households, not people.
`;

const ENGLISH = `---
# The text in English. Texts of several words stand below a line that ends in |, indented by two spaces.
title: What you ask for, in one line

# Two or three sentences. Each needs a source: a footnote behind it, or one at the end.
summary: |
  Many villages have no clean water.[^K1]

# What people send with a link. Instead of one text for all there can be several:
# share:
#   text: |
#     …
#   subject: the subject of an email
#   x: |
#     … (also whatsapp, telegram, bluesky, sms, email)
share: |
  Every village needs clean water. Please read and sign:

# Up to when the text describes events, and a remark above the list of sources. Leave out what you do not need.
asOf: |
  Written in October 2026.
aboutSources: |
  Where a report passes on the count of others, the text names who counted.

# Once the campaign is closed: what it reached. Sentences with sources, as above.
# outcome: |
#   The ministry dug the first wells.[^K2]
#
# Below is the text, in Markdown: *slanted*, **strong**, [a link](https://example.org/), and these blocks:
#   :::call       what you ask, of whom: the demand, an explanation, a list
#   :::figure     counts, as a table; "type" is line (with dates), bars, map or number
#   :::question   a question and its answer
#   :::timeline   events, each with its date
#   :::quotation  somebody's words: :::quotation{by="Her name"}
#   :::picture    a file of pictures/: :::picture{name="gate.jpg" alternative="What it shows"}
# Each ends with a line ::: of its own. In a text, :period[…] names a time, and :advice[…] is advice to the
# reader: neither needs a source. Every other sentence does.
---

:::call{to="The Minister of Water"}
Dig wells now.

The ministry promised them in 2024.[^K2]

1. Begin where none is near.[^K1]
2. Ask the people who live there.[^K1]
:::

## What is happening

:period[Summer of 2026]

Wells ran dry in twelve villages.[^K1] The ministry knows of nine.[^K2]

:::figure{data="wells" title="Villages without water"}
Counted on the first day of each month.

| Date | Villages | Counted by |
| --- | --- | --- |
| 2026-08-01 | 7 | the office[^K2] |
| 2026-09-01 | 12 | a survey[^K1] |
:::

## Questions and answers

:::question{title="Will my name be public?"}
:advice[No, unless you tick the box for it. If a public name could put you at risk, leave the box empty.]
:::

:::question{title="Who pays for the wells?"}
The ministry, as its letter says.[^K2]
:::

## What happened when

:::timeline
- 2024-05 The ministry promises wells.[^K2]
- 2026-09-01 A survey finds twelve villages without water.[^K1]
:::
`;
