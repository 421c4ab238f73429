import { z } from "zod";
import { forAction } from "@/app/admin/_desk/desk-route";
import { saveText } from "@/app/admin/_desk/save-text";
import { json } from "@/lib/http/answers";
import { readForm } from "@/lib/http/request";

/** What a file of 200 KB needs twice, with room for how JSON writes it. */
const LIMIT_BYTES = 1024 * 1024;

const BAD_REQUEST = 400;
const NOT_FOUND = 404;
const CONFLICT = 409;
const TOO_LARGE = 413;
const UNPROCESSABLE = 422;

const MALFORMED = {
  error: "malformed",
  message: "The desk did not understand the text. Press Save, or reload the page.",
};
const change = z.union([
  z.object({ path: z.string(), was: z.string(), now: z.string() }),
  z.object({ path: z.string(), was: z.string(), parts: z.record(z.string(), z.string()) }),
]);

/** Saves a text while it is written. Answers with what is saved and what is wrong with it. */
export async function POST(
  request: Request,
  { params }: RouteContext<"/api/admin/petitions/[slug]/draft">,
): Promise<Response> {
  const { slug } = await params;
  return forAction(
    request,
    "text.autosave",
    async ({ actor }) => {
      const received = await readForm(request, LIMIT_BYTES);
      if (!received.ok && received.refusal === "too-large")
        return json({ error: "too_large", message: "The text is longer than 200 KB." }, TOO_LARGE);
      const read = change.safeParse(received.ok ? received.fields : null);
      if (!read.success) return json(MALFORMED, BAD_REQUEST);
      const saved = await saveText(actor, slug, read.data);
      switch (saved.kind) {
        case "saved":
          return json({ ...saved.checked, mine: saved.mine, text: saved.text });
        case "conflict":
          return json({ error: "conflict", conflict: saved.conflict }, CONFLICT);
        case "refused":
          return json(
            { error: "refused", message: saved.mistakes.map(({ text }) => text).join(" ") },
            UNPROCESSABLE,
          );
        case "gone":
          return json({ error: "not_found", message: "There is no such file any more." }, NOT_FOUND);
      }
    },
    { campaign: slug, asPage: false },
  );
}
