/** What can be wrong with a signature. The form's schema speaks in these keys; each language puts them into words. */
export const ERROR_KEYS = [
  "name.missing",
  "name.long",
  "name.url",
  "email.invalid",
  "email.long",
  "email.refused",
  "email.unreachable",
  "country.unknown",
  "consent.missing",
  "locale.unknown",
] as const;
export type ErrorKey = (typeof ERROR_KEYS)[number];
