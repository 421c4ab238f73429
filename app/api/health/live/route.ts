import { json } from "@/lib/http/answers";

/** Liveness: answers while the process runs; checks nothing else. */
export function GET(): Response {
  return json({ status: "live" });
}
