declare module "gettext-parser" {
  type Translation = {
    msgctxt?: string;
    msgid: string;
    msgstr: string[];
    comments?: {
      extracted?: string;
      reference?: string;
      flag?: string;
      translator?: string;
      previous?: string;
    };
  };
  type Translations = {
    charset: string;
    headers: Record<string, string>;
    translations: Record<string, Record<string, Translation>>;
  };
  export const po: {
    compile(file: Translations, options?: { foldLength?: number }): Uint8Array;
    parse(file: string | Uint8Array): Translations;
  };
}
