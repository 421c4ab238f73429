import { RESIZER, script } from "@/lib/http/embed";

/** Runs in the framed form. */
export function GET(): Response {
  return script(RESIZER.code);
}
