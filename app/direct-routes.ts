import { readdirSync } from "node:fs";
import path from "node:path";
import { GET as campaignPage } from "@/app/(public)/[locale]/[campaign]/route";
import { GET as thanksPage } from "@/app/(public)/[locale]/[campaign]/thanks/route";
import { GET as confirmPage } from "@/app/(public)/[locale]/confirm/[token]/route";
import { GET as privacyPage } from "@/app/(public)/[locale]/privacy/route";
import { GET as languagePage } from "@/app/(public)/[locale]/route";
import { GET as enhancement } from "@/app/(public)/enhance/[file]/route";
import { GET as picture } from "@/app/(public)/pictures/[file]/route";
import { GET as frontPage } from "@/app/(public)/route";
import { POST as confirm } from "@/app/api/confirm/route";
import { GET as live } from "@/app/api/health/live/route";
import { GET as figures } from "@/app/api/petitions/[slug]/route";
import { POST as sign } from "@/app/api/petitions/[slug]/signatures/route";
import type { DirectRoute } from "@/lib/http/direct";
import { LOCALES } from "@/lib/i18n/locales";

/** Pages directly below a language; no campaign may have one of these names. */
const RESERVED = readdirSync(path.join(/* turbopackIgnore: true */ process.cwd(), "app/(public)/[locale]"), {
  withFileTypes: true,
}).flatMap((entry) => (entry.isDirectory() && !entry.name.startsWith("[") ? [entry.name] : []));

const SLUG = `(?!(?:${RESERVED.join("|")})(?:/|$))[a-z0-9-]+`;

/** What each parameter matches. Next answers everything else. */
const PARAMETERS = {
  locale: LOCALES.join("|"),
  campaign: SLUG,
  slug: SLUG,
  token: "[^/]+",
  file: "[\\w.-]+",
} as const;

type Parameter = keyof typeof PARAMETERS;
type ParametersOf<Pattern extends string> = Pattern extends `${string}[${infer Name}]${infer Rest}`
  ? { [Key in Name]: string } & ParametersOf<Rest>
  : unknown;
type Handler<Pattern extends string> = (
  request: Request,
  context: { params: Promise<ParametersOf<Pattern>> },
) => Promise<Response> | Response;

/**
 * Declares a hot address, written like its folder in `app`: `/[locale]/[campaign]`. It calls that folder's
 * route handler without the framework's overhead (docs/decisions/0006).
 */
function direct<Pattern extends `/${string}`>(
  method: DirectRoute["method"],
  pattern: Pattern,
  handler: Handler<Pattern>,
): DirectRoute {
  const source = pattern
    .replaceAll(".", "\\.")
    .replace(/\[(\w+)\]/g, (_, name: Parameter) => `(?<${name}>${PARAMETERS[name]})`);
  return {
    method,
    path: new RegExp(`^${source}$`),
    // The expression has one group per parameter of the pattern.
    answer: (request, parameters) =>
      handler(request, { params: Promise.resolve(parameters as ParametersOf<Pattern>) }),
  };
}

/** The addresses hit by a surge: readers, the count, the form and the confirmation button. */
export const directRoutes: readonly DirectRoute[] = [
  direct("POST", "/api/petitions/[slug]/signatures", sign),
  direct("POST", "/api/confirm", confirm),
  direct("GET", "/[locale]/confirm/[token]", confirmPage),
  direct("GET", "/[locale]/privacy", privacyPage),
  direct("GET", "/[locale]/[campaign]", campaignPage),
  direct("GET", "/[locale]/[campaign]/thanks", thanksPage),
  direct("GET", "/api/petitions/[slug]", figures),
  direct("GET", "/enhance/[file]", enhancement),
  direct("GET", "/pictures/[file]", picture),
  direct("GET", "/", frontPage),
  direct("GET", "/[locale]", languagePage),
  direct("GET", "/api/health/live", live),
];
