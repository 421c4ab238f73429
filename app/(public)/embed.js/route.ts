import { EMBED_SCRIPT, script } from "@/lib/http/embed";

/** Frames the form on another site and gives the frame its height. */
export function GET(): Response {
  return script(EMBED_SCRIPT);
}
