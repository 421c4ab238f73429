import { handleErrors } from "@/app/(public)/_pages/errors";
import { answerNotFound } from "@/app/(public)/_pages/message";
import { refuseForm } from "@/app/(public)/_pages/refuse";
import { answerPage } from "@/app/(public)/_pages/render";
import { site } from "@/app/(public)/_pages/site";
import { STYLES } from "@/components/document/styles";
import {
  TRANSLATE_STYLES,
  TranslatePage,
  type TranslatePageProps,
} from "@/components/translate/TranslatePage";
import { editsIn, textField, wasField } from "@/components/translations/part-fields";
import { whyRefused } from "@/components/translations/refused";
import { shownParts } from "@/components/translations/shown-parts";
import { admit } from "@/lib/abuse";
import { contentSecurityPolicy, redirect } from "@/lib/http/answers";
import { mailedToken } from "@/lib/http/link";
import { clientAddress, readForm } from "@/lib/http/request";
import { networkKey } from "@/lib/network";
import { noteSecurityEvent } from "@/lib/observability";
import { type OpenLink, openLink, saveTranslation, translationOf } from "@/lib/translations";

/** What a text of 200 KB needs twice in a form, as browsers encode it. */
const BODY_LIMIT_BYTES = 2 * 1024 * 1024;
const UNPROCESSABLE = 422;
const CONFLICT = 409;
const TOO_MANY = 429;

type Context = RouteContext<"/translate/[token]">;

/** Serves one translation to somebody with a translator's link. */
export function GET(request: Request, { params }: Context): Promise<Response> {
  return handleErrors(request, async () => {
    const token = mailedToken((await params).token);
    const link = await openLink(token);
    if (!link) return lost(request);
    const saved = new URL(request.url).searchParams.has("saved");
    return (await page(request, token, link, { saved })) ?? lost(request);
  });
}

/** Saves what they translated. */
export function POST(request: Request, { params }: Context): Promise<Response> {
  return handleErrors(request, async () => {
    const token = mailedToken((await params).token);
    const received = await readForm(request, BODY_LIMIT_BYTES);
    if (!received.ok) return refuseForm(request, received.refusal);
    const admission = await admit({ network: await networkKey(clientAddress(request)) });
    const link = await openLink(token);
    if (!link) return lost(request);
    const form = Object.fromEntries(
      Object.entries(received.fields).filter(
        (field): field is [string, string] => typeof field[1] === "string",
      ),
    );
    if (!admission.admitted) {
      const { retryAfterSeconds } = admission;
      const failure = `Too much is sent from your network just now. Save again in ${retryAfterSeconds} seconds.`;
      const refusal = await page(request, token, link, { typed: form, failure }, TOO_MANY);
      refusal?.headers.set("retry-after", String(retryAfterSeconds));
      return refusal ?? lost(request);
    }
    const { actor, slug, locale } = link;
    const saved = await saveTranslation(actor, slug, locale, editsIn(form), { action: "translation.save" });
    switch (saved.kind) {
      case "saved": {
        const onlyWork = new URL(request.url).searchParams.get("only") === "work";
        return redirect(`/translate/${token}?${onlyWork ? "only=work&" : ""}saved`);
      }
      case "refused": {
        const mistakes = saved.refused.map((part) => ({
          field: textField(part.key),
          text: whyRefused(part),
        }));
        // They have seen what others have written, so sending again replaces it.
        const theirs = Object.fromEntries(
          saved.refused.flatMap((part) =>
            part.why === "changed" ? [[wasField(part.key), part.theirs]] : [],
          ),
        );
        const typed = { ...form, ...theirs };
        return (await page(request, token, link, { mistakes, typed }, UNPROCESSABLE)) ?? lost(request);
      }
      case "raced":
        return again(request, token, link, form, "Somebody else has saved at the same moment. Save again.");
      case "too-large":
        return again(request, token, link, form, "The text is longer than 200 KB. Make it shorter.");
      case "unreadable":
        return again(
          request,
          token,
          link,
          form,
          "The text has a mistake that its editors have to put right first. Keep a copy of what you typed, and tell them.",
        );
      case "unknown-language":
        return lost(request);
    }
  });
}

async function again(
  request: Request,
  token: string,
  link: OpenLink,
  typed: Readonly<Record<string, string>>,
  failure: string,
): Promise<Response> {
  return (await page(request, token, link, { typed, failure }, CONFLICT)) ?? lost(request);
}

async function page(
  request: Request,
  token: string,
  { slug, locale, expiresAt }: OpenLink,
  shown: Pick<TranslatePageProps, "saved" | "mistakes" | "typed" | "failure">,
  status = 200,
): Promise<Response | null> {
  const translation = await translationOf(slug, locale);
  if (!translation) return null;
  const parts = shownParts(translation);
  return answerPage(
    <TranslatePage
      site={site()}
      path={`/translate/${token}`}
      title={parts.find(({ key }) => key === "title")?.original ?? slug}
      originalLocale={translation.originalLocale}
      locale={locale}
      ends={expiresAt.toISOString().slice(0, 10)}
      parts={parts}
      onlyWork={new URL(request.url).searchParams.get("only") === "work"}
      {...shown}
    />,
    status,
    {
      "content-security-policy": contentSecurityPolicy([STYLES, TRANSLATE_STYLES]),
      "x-robots-tag": "noindex",
    },
  );
}

/** A link that has ended is no page, as any other address that there is not. */
function lost(request: Request): Promise<Response> {
  noteSecurityEvent("unknown-token");
  return answerNotFound(request);
}
