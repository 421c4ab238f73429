import { POST as signRoute } from "@/app/api/petitions/[slug]/signatures/route";
import { sendOnce } from "@/lib/mail/sending";
import { checkSignatureForm, confirm, sign } from "@/lib/signing";
import { CAMPAIGN_SLUG } from "@/tests/support/campaign";
import { CapturingTransport, tokenIn } from "./capturing-transport";

const WORKER = "00000000-0000-4000-8000-000000000001";
const SIGNER = { name: "Laila Haidari", country: "AF", consent: "yes", locale: "en" };

/** What anybody can do from outside: type an address into the form, read the mail that comes, press its buttons. */
export function typedAddress() {
  const transport = new CapturingTransport();
  let networks = 0;
  function anotherNetwork(): string {
    networks += 1;
    return `10.${networks % 256}.0.9`;
  }

  /** Types an address into the form; each time from another network, unless one is named. */
  function typed(email: string, client = anotherNetwork(), fields: Record<string, string> = {}) {
    return signRoute(
      new Request("http://localhost/", {
        method: "POST",
        headers: { accept: "application/json", "x-client-address": client },
        body: new URLSearchParams({ ...SIGNER, email, ...fields }),
      }),
      { params: Promise.resolve({ slug: CAMPAIGN_SLUG }) },
    );
  }

  async function drain(): Promise<void> {
    while (await sendOnce(transport, WORKER));
  }

  /** Signs and confirms. @returns the token of the signer's own page. */
  async function confirmed(email: string, { signs = true } = {}): Promise<string> {
    if (signs) await typed(email);
    await drain();
    await confirm(tokenIn(transport.last(email).text, "confirm"));
    await drain();
    return tokenIn(transport.last(email).text, "signature");
  }

  /** The unsubscribe token of the newest mail. */
  const unsubscribeLink = () =>
    tokenIn(transport.sent.at(-1)?.headers["List-Unsubscribe"] ?? "", "unsubscribe");

  return { typed, drain, transport, confirmed, unsubscribeLink };
}

/** Signs with each address in turn. */
export async function signAs(...emails: string[]): Promise<void> {
  for (const email of emails) {
    const checked = checkSignatureForm({ name: "Laila", email, country: "AF", consent: "yes", locale: "en" });
    if (!checked.ok) throw new Error(JSON.stringify(checked.errors));
    await sign(CAMPAIGN_SLUG, checked.request);
  }
}
