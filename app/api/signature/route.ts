import { handleErrors } from "@/app/(public)/_pages/errors";
import { answerMessage, readerLocale } from "@/app/(public)/_pages/message";
import { answerPostOnly, refuseForm } from "@/app/(public)/_pages/refuse";
import { answerLostLink, answerSignature } from "@/app/(public)/_pages/signature";
import type { MessageKind } from "@/components/campaign/MessagePage";
import { type FieldsWith, fieldsWith, isTick, type Shown } from "@/lib/fields";
import { json, redirect } from "@/lib/http/answers";
import { mailedToken } from "@/lib/http/link";
import { signaturesChanged } from "@/lib/http/public-pages";
import { readForm, wantsJson } from "@/lib/http/request";
import { isLocale, type Locale } from "@/lib/i18n/locales";
import { messagesFor } from "@/lib/i18n/messages";
import { noteSecurityEvent } from "@/lib/observability";
import { type Change, correct, erase, heldSignature, withdraw } from "@/lib/signatories";
import { type FieldErrors, SIGNATURE_BODY_LIMIT_BYTES } from "@/lib/signing";

type Asked = { token: string; reader: Locale; data: boolean };

export function GET(request: Request): Response {
  return answerPostOnly(request, `/${readerLocale(request)}/signature`);
}

/**
 * Handles a signer's actions on their own page: `correct`, `withdraw`, `erase`, or `download` (all data held,
 * as JSON).
 */
export function POST(request: Request): Promise<Response> {
  return handleErrors(request, async () => {
    const received = await readForm(request, SIGNATURE_BODY_LIMIT_BYTES);
    if (!received.ok) return refuseForm(request, received.refusal);
    const { token, action, page } = received.fields;
    const asked: Asked = {
      token: mailedToken(token),
      reader: typeof page === "string" && isLocale(page) ? page : readerLocale(request),
      data: wantsJson(request),
    };
    switch (action) {
      case "correct":
        return corrected(asked, received.fields);
      case "withdraw":
        return gone(asked, "withdrawn", await withdraw(asked.token));
      case "erase":
        return erased(asked, received.fields.neverWrite === "yes");
      case "download":
        return download(asked);
      default:
        return asked.data
          ? json({ error: "unknown_action" }, 400)
          : answerMessage("bad-request", 400, asked.reader);
    }
  });
}

function unknown({ reader, data }: Asked): Promise<Response> | Response {
  noteSecurityEvent("unknown-token");
  return data ? json({ error: "unknown_token" }, 410) : answerLostLink(reader, 410);
}

async function corrected(asked: Asked, fields: Record<string, unknown>): Promise<Response> {
  const outcome = await correct(asked.token, fields);
  switch (outcome.kind) {
    case "done":
      signaturesChanged();
      return asked.data
        ? json({ status: "saved" })
        : redirect(`/${outcome.locale}/signature/${encodeURIComponent(asked.token)}?saved`);
    case "unknown":
      return unknown(asked);
    case "invalid":
      return asked.data
        ? json({ errors: inWords(outcome.errors, asked.reader) }, 422)
        : correctAgain(asked, fields, outcome.errors);
  }
}

function inWords(errors: FieldErrors, locale: Locale): Record<string, string[]> {
  const words = messagesFor(locale).errors;
  return Object.fromEntries(
    Object.entries(errors).map(([field, keys]) => [field, keys.map((key) => words[key])]),
  );
}

/** Renders the page again with what was typed still in the form. */
async function correctAgain(
  asked: Asked,
  fields: Record<string, unknown>,
  errors: FieldErrors,
): Promise<Response> {
  const held = await heldSignature(asked.token);
  if (!held) return unknown(asked);
  const given = fieldsWith("correctable").map((name) => {
    const value = fields[name];
    return [name, isTick(name) ? value === "yes" : typeof value === "string" ? value : held[name]];
  });
  const typed = Object.fromEntries(given) as Shown<FieldsWith<"correctable">>;
  if (!isLocale(typed.locale)) typed.locale = held.locale;
  return answerSignature(held, { locale: asked.reader, token: asked.token, errors, typed }, 422);
}

async function erased(asked: Asked, neverWrite: boolean): Promise<Response> {
  const outcome = await erase(asked.token, { neverWrite });
  return gone(asked, "erased", outcome, neverWrite ? "erased-for-good" : "erased");
}

function gone(
  asked: Asked,
  status: "withdrawn" | "erased",
  outcome: Change,
  page: MessageKind = status,
): Promise<Response> | Response {
  if (outcome.kind === "unknown") return unknown(asked);
  signaturesChanged();
  return asked.data ? json({ status }) : answerMessage(page, 200, asked.reader, { slug: outcome.slug });
}

async function download(asked: Asked): Promise<Response> {
  const held = await heldSignature(asked.token);
  if (!held) return unknown(asked);
  return json(held, 200, { "content-disposition": 'attachment; filename="my-signature.json"' });
}
