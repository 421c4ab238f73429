import { sendOnce } from "@/lib/mail/sending";
import { networkBit } from "@/lib/sharing";
import { checkSignatureForm, confirm, sign } from "@/lib/signing";
import { CAMPAIGN_SLUG } from "@/tests/support/campaign";
import { type CapturingTransport, tokenIn } from "./capturing-transport";
import { type Handler, handlerOf, type Method } from "./routes";

const WORKER = "00000000-0000-4000-8000-000000000002";
/** A phone, not a program that fetches previews. */
export const BROWSER = "Mozilla/5.0 (Linux; Android 14) Chrome/126.0 Mobile Safari/537.36";

/** Sends all mail that is owed. */
export async function drain(transport: CapturingTransport): Promise<void> {
  while (await sendOnce(transport, WORKER));
}

type Signer = { email: string; ref?: string; client?: string; origin?: string };

/** Signs as the form does, from a network. */
export async function signs({ email, ref = "", client = "192.0.2.1", origin = "" }: Signer): Promise<void> {
  const fields = { name: "Zarghuna Kargar", email, country: "AF", consent: "yes", locale: "en", ref, origin };
  const checked = checkSignatureForm(fields);
  if (!checked.ok) throw new Error(JSON.stringify(checked.errors));
  await sign(CAMPAIGN_SLUG, checked.request, null, { networkBit: networkBit(client) });
}

/** Signs and confirms. @returns the token of the signer's own page. */
export async function joins(transport: CapturingTransport, signer: Signer): Promise<string> {
  await signs(signer);
  await drain(transport);
  await confirm(tokenIn(transport.last(signer.email).text, "confirm"));
  await drain(transport);
  return tokenIn(transport.last(signer.email).text, "signature");
}

/** Calls the route in a file of `app`, as the framework would. */
export async function ask(
  file: string,
  parameters: Record<string, string>,
  path: string,
  init: RequestInit & { method?: Method } = {},
): Promise<Response> {
  const { method = "GET" } = init;
  const handler: Handler = await handlerOf({ name: `${method} ${file}`, file, method });
  return handler(new Request(`http://localhost:3000${path}`, init), { params: Promise.resolve(parameters) });
}

/** Opens a short link as a browser does. */
export function opens(code: string, headers: Record<string, string> = {}): Promise<Response> {
  return ask("app/(public)/s/[code]/route.ts", { code }, `/s/${code}`, {
    headers: { "user-agent": BROWSER, "accept-language": "ur", ...headers },
  });
}

/** The codes of all short links in a page. */
export function codesIn(markup: string): string[] {
  return [...new Set([...markup.matchAll(/\/s(?:\/|%2F)([a-z0-9]+)/gi)].map(([, code = ""]) => code))].sort();
}
