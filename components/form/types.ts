import type { Script } from "@/components/document/types";
import type { TypedForm } from "@/lib/fields";

/** What a signer typed, kept so that nothing has to be typed twice. */
export type TypedFields = TypedForm & {
  ref: string;
  /** The site that frames the form; empty on our own pages. */
  origin?: string;
  /** Lets the form be sent once more from a page that a sandbox leaves without an origin. */
  permit?: string;
};
export type FormNotice = "rate-limited" | "challenged" | "sandboxed" | "unavailable";
/** A piece of work that the browser is to do before it sends the form again, and the script that does it. */
export type FormChallenge = { work: object; solver: Script };
