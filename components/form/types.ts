import type { Script } from "@/components/document/types";
import type { TypedForm } from "@/lib/fields";

/** What a signer typed, kept so that nothing has to be typed twice. */
export type TypedFields = TypedForm & {
  ref: string;
  /** The site that frames the form; empty on our own pages. */
  origin?: string;
  /** Allows a form from a sandboxed page, which has no origin, to be sent again. */
  permit?: string;
};
export type FormNotice = "rate-limited" | "challenged" | "sandboxed" | "unavailable";
/** A proof of work for the browser to solve before it sends the form again, and the script that solves it. */
export type FormChallenge = { work: object; solver: Script };
