import { json } from "@/lib/http/answers";

/** The process runs; nothing else is asked. */
export function GET(): Response {
  return json({ status: "live" });
}
