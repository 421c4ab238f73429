import { GET as campaignPage } from "@/app/[locale]/[campaign]/route";
import { GET as thanksPage } from "@/app/[locale]/[campaign]/thanks/route";
import { GET as confirmPage } from "@/app/[locale]/confirm/[token]/route";
import { GET as privacyPage } from "@/app/[locale]/privacy/route";
import { POST as confirm } from "@/app/api/confirm/route";
import { GET as live } from "@/app/api/health/live/route";
import { GET as figures } from "@/app/api/petitions/[slug]/route";
import { POST as sign } from "@/app/api/petitions/[slug]/signatures/route";
import { GET as enhancement } from "@/app/enhance/[file]/route";
import { GET as front } from "@/app/route";
import { CAMPAIGN_SLUG } from "@/lib/campaigns";
import type { DirectRoute } from "@/lib/http/direct";
import { LOCALES } from "@/lib/i18n/locales";

const LOCALE = `(?<locale>${LOCALES.join("|")})`;
const CAMPAIGN = `(?<campaign>${CAMPAIGN_SLUG})`;

function parameter(parameters: Record<string, string>, name: string): string {
  const value = parameters[name];
  if (value === undefined) throw new Error(`the path of a direct route has no group "${name}"`);
  return value;
}

/**
 * The addresses a surge falls on, answered without the framework's way to them: readers, the count, the form, the button.
 * Each is the very route in `app`; what matches none of them, Next answers as ever.
 */
export const directRoutes: readonly DirectRoute[] = [
  {
    method: "POST",
    path: /^\/api\/petitions\/(?<slug>[a-z0-9-]+)\/signatures$/,
    answer: (request, parameters) =>
      sign(request, { params: Promise.resolve({ slug: parameter(parameters, "slug") }) }),
  },
  { method: "POST", path: /^\/api\/confirm$/, answer: (request) => confirm(request) },
  {
    method: "GET",
    path: new RegExp(`^/${LOCALE}/confirm/(?<token>[^/]+)$`),
    answer: (request, parameters) =>
      confirmPage(request, {
        params: Promise.resolve({
          locale: parameter(parameters, "locale"),
          token: parameter(parameters, "token"),
        }),
      }),
  },
  {
    method: "GET",
    path: new RegExp(`^/${LOCALE}/privacy$`),
    answer: (request, parameters) =>
      privacyPage(request, { params: Promise.resolve({ locale: parameter(parameters, "locale") }) }),
  },
  {
    method: "GET",
    path: new RegExp(`^/${LOCALE}/${CAMPAIGN}$`),
    answer: (request, parameters) =>
      campaignPage(request, {
        params: Promise.resolve({
          locale: parameter(parameters, "locale"),
          campaign: parameter(parameters, "campaign"),
        }),
      }),
  },
  {
    method: "GET",
    path: new RegExp(`^/${LOCALE}/${CAMPAIGN}/thanks$`),
    answer: (request, parameters) =>
      thanksPage(request, {
        params: Promise.resolve({
          locale: parameter(parameters, "locale"),
          campaign: parameter(parameters, "campaign"),
        }),
      }),
  },
  {
    method: "GET",
    path: /^\/api\/petitions\/(?<slug>[a-z0-9-]+)$/,
    answer: (request, parameters) =>
      figures(request, { params: Promise.resolve({ slug: parameter(parameters, "slug") }) }),
  },
  {
    method: "GET",
    path: /^\/enhance\/(?<file>[\w.-]+)$/,
    answer: (request, parameters) =>
      enhancement(request, { params: Promise.resolve({ file: parameter(parameters, "file") }) }),
  },
  { method: "GET", path: /^\/$/, answer: (request) => front(request) },
  { method: "GET", path: /^\/api\/health\/live$/, answer: () => live() },
];
