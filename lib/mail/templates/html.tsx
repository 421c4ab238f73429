import { SignatureMail } from "./SignatureMail";
import type { MailInput, MailWords } from "./words";

/**
 * The HTML part. React escapes what is foreign; static markup is several times cheaper than React Email's streaming render.
 * The renderer is imported on use because Next refuses the static import in routes, and most processes never compose.
 */
export async function htmlOf(input: MailInput, words: MailWords): Promise<string> {
  const { renderToStaticMarkup } = await import("react-dom/server");
  return `<!doctype html>${renderToStaticMarkup(<SignatureMail input={input} words={words} />)}`;
}
