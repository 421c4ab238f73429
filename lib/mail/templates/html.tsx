import { SignatureMail } from "./SignatureMail";
import type { MailInput, MailWords } from "./words";

/**
 * Renders the HTML part. React escapes untrusted text; static markup is several times cheaper than React
 * Email's streaming render.
 * The renderer is imported on use because Next refuses the static
 * import in routes, and most processes never compose mail.
 */
export async function htmlOf(input: MailInput, words: MailWords): Promise<string> {
  const { renderToStaticMarkup } = await import("react-dom/server");
  return `<!doctype html>${renderToStaticMarkup(<SignatureMail input={input} words={words} />)}`;
}
