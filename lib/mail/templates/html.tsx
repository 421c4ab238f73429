import { renderToStaticMarkup } from "react-dom/server";
import { SignatureMail } from "./SignatureMail";
import type { MailInput, MailWords } from "./words";

/** The HTML part. React escapes what is foreign; static markup is several times cheaper than React Email's streaming render. */
export function htmlOf(input: MailInput, words: MailWords): string {
  return `<!doctype html>${renderToStaticMarkup(<SignatureMail input={input} words={words} />)}`;
}
