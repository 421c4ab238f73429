import Link from "next/link";
import { LOCALES, type Locale, nativeNameOf } from "@/lib/i18n/locales";

type LanguageChoiceProps = {
  label: string;
  /** The language that is shown. */
  current: Locale;
  /** Returns the address of the page in a language. */
  address: (locale: Locale) => string;
};

/** Links to the same page in the site's languages. */
export function LanguageChoice({ label, current, address }: LanguageChoiceProps) {
  return (
    <nav aria-label={label}>
      <ul>
        {LOCALES.map((locale) => (
          <li key={locale}>
            <Link
              href={address(locale)}
              prefetch={false}
              lang={locale}
              aria-current={locale === current ? "true" : undefined}
            >
              {nativeNameOf(locale)}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}
