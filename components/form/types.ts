import type { ErrorKey } from "@/lib/i18n/messages";

/** What a signer typed, kept so that nothing has to be typed twice. */
export type TypedFields = {
  name: string;
  email: string;
  country: string;
  updates: boolean;
  publicName: boolean;
  consent: boolean;
  ref: string;
};
export type FieldErrors = Partial<Record<"name" | "email" | "country" | "consent" | "locale", ErrorKey[]>>;
export type FormNotice = "rate-limited" | "unavailable";
