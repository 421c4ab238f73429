import { LostLinkPage, type LostLinkPageProps } from "@/components/signature/LostLinkPage";
import { SignaturePage, type SignaturePageProps } from "@/components/signature/SignaturePage";
import type { Locale } from "@/lib/i18n/locales";
import { stepAfter } from "@/lib/sharing";
import type { HeldSignature } from "@/lib/signatories";
import { answerPage } from "./render";
import { sharing } from "./sharing";
import { homePath, site } from "./site";

/** Answers with the signer's own page, never cached. */
export async function answerSignature(
  held: HeldSignature,
  { locale, ...page }: Pick<SignaturePageProps, "locale" | "token" | "saved" | "errors" | "typed">,
  status = 200,
): Promise<Response> {
  const shown = {
    ...held,
    signedAt: held.signedAt.toISOString(),
    confirmedAt: held.confirmedAt?.toISOString() ?? null,
    correctedAt: held.correctedAt?.toISOString() ?? null,
  };
  const share = await sharing(held.slug, locale, stepAfter());
  return answerPage(
    <SignaturePage site={site()} locale={locale} held={shown} {...share} {...page} />,
    status,
  );
}

/** Answers with the form for a lost link. */
export function answerLostLink(
  locale: Locale,
  status: number,
  page: Pick<LostLinkPageProps, "sent" | "email" | "errors"> = {},
): Promise<Response> {
  return answerPage(<LostLinkPage site={site()} locale={locale} home={homePath(locale)} {...page} />, status);
}
