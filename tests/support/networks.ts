import { sendOnce } from "@/lib/mail/sending";
import { networkKey } from "@/lib/network/network";
import { checkSignatureForm, confirm, sign } from "@/lib/signing";
import { CAMPAIGN_SLUG } from "@/tests/support/campaign";
import { CapturingTransport, tokenIn } from "./capturing-transport";

const WORKER = "00000000-0000-4000-8000-000000000001";
const provider = new CapturingTransport();

/** Somebody who signs, with an address that nobody else in this run has. */
export type Signer = { email: string; confirmToken: string };

/** An address in the network of this number. */
const addressIn = (network: number) => `203.0.${network}.7`;

async function mailTo(email: string): Promise<string> {
  while (await sendOnce(provider, WORKER));
  return provider.last(email).text;
}

/** Signs from a network, as the form would. */
export async function signsFrom(network: number, fields: Record<string, string> = {}): Promise<Signer> {
  const email = `${crypto.randomUUID()}@example.org`;
  const checked = checkSignatureForm({
    name: "Zarmina Ahmadi",
    email,
    country: "AF",
    consent: "yes",
    locale: "en",
    ...fields,
  });
  if (!checked.ok) throw new Error(JSON.stringify(checked.errors));
  await sign(CAMPAIGN_SLUG, checked.request, await networkKey(addressIn(network)));
  return { email, confirmToken: tokenIn(await mailTo(email), "confirm") };
}

/** Signs and confirms. @returns the token of the signer's own page. */
export async function joinsFrom(network: number, fields: Record<string, string> = {}): Promise<string> {
  const { email, confirmToken } = await signsFrom(network, fields);
  await confirm(confirmToken);
  return tokenIn(await mailTo(email), "signature");
}
