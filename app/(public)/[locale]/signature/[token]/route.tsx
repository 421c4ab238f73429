import { handleErrors } from "@/app/(public)/_pages/errors";
import { answerNotFound } from "@/app/(public)/_pages/message";
import { answerLostLink, answerSignature } from "@/app/(public)/_pages/signature";
import { mailedToken } from "@/lib/http/link";
import { isLocale } from "@/lib/i18n/locales";
import { noteSecurityEvent } from "@/lib/observability";
import { heldSignature } from "@/lib/signatories";

/**
 * Serves the signer's own page. Opening it changes nothing. Without a valid link it offers to mail a new one.
 */
export function GET(
  request: Request,
  { params }: RouteContext<"/[locale]/signature/[token]">,
): Promise<Response> {
  return handleErrors(request, async () => {
    const { locale, token: part } = await params;
    if (!isLocale(locale)) return answerNotFound(request);
    const token = mailedToken(part);
    const held = await heldSignature(token);
    if (!held) {
      noteSecurityEvent("unknown-token");
      return answerLostLink(locale, 410);
    }
    const saved = new URL(request.url).searchParams.has("saved");
    return answerSignature(held, { locale, token, saved });
  });
}
