import { askPage, CODE_IS_OLD, forForm, sessionEnded, withSession } from "@/app/admin/_desk/action";
import { ownPath } from "@/app/admin/_desk/own-path";
import { proveAgain } from "@/lib/accounts";
import { redirect } from "@/lib/http/answers";

/** Checks a code and redirects to the page that asked for it. */
export function POST(request: Request): Promise<Response> {
  return forForm(request, {
    "session.code": async ({ actor, form }) => {
      const back = ownPath(form.back ?? null);
      const proof = await proveAgain(request, form.code ?? "");
      switch (proof.kind) {
        case "ended":
          return sessionEnded();
        case "refused":
          return askPage(actor, {
            address: "/admin/code",
            fields: { back },
            question: null,
            code: { why: CODE_IS_OLD, refused: true, clockOff: proof.clockOff },
          });
        case "proved":
          return withSession(redirect(back), proof.sessionToken);
      }
    },
  });
}
