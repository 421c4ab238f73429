import { z } from "zod";
import { COUNTRY_CODES } from "@/lib/i18n/countries";
import { isLocale, LOCALES, type Locale } from "@/lib/i18n/locales";
import { CONTRAST_MIN, contrastWithWhite } from "./contrast";
import { must, type Report, reportIssues } from "./faults";
import { isSlug, RESERVED_SLUGS } from "./slug";
import type { CampaignSettings } from "./types";
import { parseYaml, type YamlText } from "./yaml-text";

const GOAL_MAX = 100_000_000;

const line = (be: string) => z.string(must(be)).trim().min(1, must(be));

const locale = z.string(must(`a language of this site: ${LOCALES.join(", ")}`)).refine(isLocale, {
  error: ({ input }) =>
    `names ${JSON.stringify(input)}, which is no language of this site: use ${LOCALES.join(", ")}`,
});

const colour = z
  .string(must('a colour in quotes, for example "#8a1538"'))
  .regex(/^#[0-9a-fA-F]{6}$/, must('a colour in quotes, for example "#8a1538"'));

/** A choice of which some options are agreed on, but not built. */
function choice<const T extends string>(built: T, later: readonly T[]) {
  return z.enum([built, ...later], must([built, ...later].join(" or "))).refine((value) => value === built, {
    error: ({ input }) => `cannot be ${String(input)} yet, since that is not built: use ${built}`,
  });
}

const SETTINGS = z.strictObject(
  {
    slug: z.string(must("a name for the address, for example halt-the-expulsions")).check((ctx) => {
      if (isSlug(ctx.value)) return;
      ctx.issues.push({
        code: "custom",
        input: ctx.value,
        message: RESERVED_SLUGS.has(ctx.value)
          ? `cannot be ${ctx.value}, which is an address of the site itself: choose another name`
          : "must be 1 to 100 small letters and digits, in words joined by single dashes, for example halt-the-expulsions",
      });
    }),
    goal: z
      .int(must("a whole number from 1 to 100,000,000 without commas, for example 10000"))
      .min(1, must("a whole number from 1 to 100,000,000 without commas, for example 10000"))
      .max(GOAL_MAX, must("a whole number from 1 to 100,000,000 without commas, for example 10000")),
    languages: z
      .array(locale, must("a list of languages, for example [en, ur]"))
      .min(1, must("a list with at least one language, for example [en, ur]")),
    unfinished: z.array(locale, must("a list of languages, for example [ps]")).default([]),
    targets: z
      .array(
        z.strictObject(
          {
            key: z
              .string(must("a short name, for example prime-minister"))
              .regex(
                /^[a-z0-9]+(?:-[a-z0-9]+)*$/,
                must("small letters and digits, for example prime-minister"),
              ),
            name: line("the name of a person or an office"),
            role: line("what the person or office is, for example Prime Minister"),
            country: z
              .string(must("the two letters of a country, for example PK"))
              .refine(
                (code) => (COUNTRY_CODES as readonly string[]).includes(code),
                must("the two letters of a country, for example PK"),
              )
              .nullable()
              .default(null),
          },
          must("a target with key, name, role and country"),
        ),
        must("a list of targets, each with key, name, role and country"),
      )
      .default([]),
    colours: z
      .strictObject(
        { main: colour, accent: colour },
        must('two colours: { main: "#8a1538", accent: "#f4b400" }'),
      )
      .nullable()
      .default(null),
    signing: z
      .strictObject(
        {
          trace: choice("off", ["offered", "required"]).default("off"),
          name: choice("required", ["off"]).default("required"),
        },
        must("{ trace: off, name: required }"),
      )
      .default({ trace: "off", name: "required" }),
    mail: z
      .strictObject(
        {
          discreet: z
            .boolean(must("false"))
            .refine((discreet) => !discreet, {
              error: "cannot be true yet, since that is not built: use false",
            })
            .default(false),
        },
        must("{ discreet: false }"),
      )
      .default({ discreet: false }),
  },
  must("a list of settings, such as slug: halt-the-expulsions"),
);

/** Reads `campaign.yaml`. Returns null if it is wrong. */
export function readSettings(text: string, report: Report): CampaignSettings | null {
  const yaml = parseYaml(text.replace(/^\uFEFF/, ""), report);
  if (!yaml) return null;
  const read = SETTINGS.safeParse(yaml.value);
  if (!read.success) {
    reportIssues(read.error.issues, yaml, report);
    return null;
  }
  const { languages, ...rest } = read.data;
  const [original, ...translations] = languages;
  if (original === undefined) return null;
  const settings: CampaignSettings = { ...rest, languages: [original, ...translations] };
  return consistent(settings, yaml, report) ? settings : null;
}

/** Reports what no value says alone: repeats, and colours that cannot be read. */
function consistent(settings: CampaignSettings, yaml: YamlText, report: Report): boolean {
  let right = true;
  const refuse = (path: readonly PropertyKey[], message: string) => {
    right = false;
    report(yaml.lineOf(path), message);
  };
  const repeats = (name: string, values: readonly string[]) => {
    for (const [at, value] of values.entries())
      if (values.indexOf(value) < at) refuse([name, at], `${name} names ${value} twice: keep one of them`);
  };
  repeats("languages", settings.languages);
  repeats("unfinished", settings.unfinished);
  repeats(
    "targets",
    settings.targets.map(({ key }) => key),
  );
  for (const [at, language] of settings.unfinished.entries()) {
    if (language === settings.languages[0])
      refuse(
        ["unfinished", at],
        `${language} is the first language, which the others are made from: it cannot be unfinished`,
      );
    else if (!(settings.languages as readonly Locale[]).includes(language))
      refuse(
        ["unfinished", at],
        `unfinished names ${language}, which is not in languages: add it there, or remove it here`,
      );
  }
  const contrast = (settings.colours && contrastWithWhite(settings.colours.main)) ?? Number.POSITIVE_INFINITY;
  if (contrast < CONTRAST_MIN)
    refuse(
      ["colours", "main"],
      // Rounded down: 4.499 must not read 4.5.
      `white text on ${settings.colours?.main} has a contrast of ${(Math.floor(contrast * 100) / 100).toFixed(2)}:1: take a darker colour, it must be at least ${CONTRAST_MIN}:1`,
    );
  return right;
}
