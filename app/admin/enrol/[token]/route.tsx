import qrcode from "qrcode-generator";
import { handleErrors } from "@/app/(public)/_pages/errors";
import { adminForm, adminPage, notice, organisation } from "@/app/admin/_desk/document";
import { EnrolledPage, EnrolPage, type EnrolRefusal, PasswordSetPage } from "@/components/admin/EnrolPage";
import {
  type EnrolmentOffer,
  enrol,
  openEnrolment,
  PASSWORD_MIN_CHARACTERS,
  secretAddress,
} from "@/lib/accounts";
import { clientAddress } from "@/lib/http/request";

/** By then the password-hashing queue has moved on. */
const BUSY_RETRY_SECONDS = 5;

type Context = RouteContext<"/admin/enrol/[token]">;

/**
 * Serves the form that sets password and authenticator, or the one that was lost. Opening it changes nothing.
 */
export function GET(request: Request, { params }: Context): Promise<Response> {
  return handleErrors(request, async () => {
    const offer = await openEnrolment((await params).token);
    return offer ? enrolPage(offer) : expired();
  });
}

/** Sets what the link is for, once. With an authenticator, shows the recovery codes once. */
export function POST(request: Request, { params }: Context): Promise<Response> {
  return handleErrors(request, async () => {
    const { token } = await params;
    const form = await adminForm(request);
    if (form === null) return notice("We could not read that form", "Open the link again and retry.", 400);
    const { password = "", secret = "", code = "" } = form;
    const outcome = await enrol({
      token,
      password,
      sealedSecret: secret,
      code,
      client: clientAddress(request),
    });
    switch (outcome.kind) {
      case "password-set":
        return adminPage(<PasswordSetPage organisation={organisation()} />);
      case "enrolled":
        return adminPage(
          <EnrolledPage organisation={organisation()} recoveryCodes={outcome.recoveryCodes} />,
        );
      case "busy":
      case "invalid": {
        const offer = await openEnrolment(token, secret);
        return offer ? enrolPage(offer, outcome) : expired();
      }
      case "expired":
        return expired();
    }
  });
}

function expired(): Promise<Response> {
  return notice(
    "This link no longer works",
    "A link works once, and for 24 hours. Ask an owner for a new one.",
    410,
  );
}

function enrolPage(offer: EnrolmentOffer, refusal?: EnrolRefusal): Promise<Response> {
  return adminPage(
    <EnrolPage
      organisation={organisation()}
      email={offer.email}
      kind={offer.kind}
      authenticator={offer.kind === "password" ? null : toScan(offer)}
      minimumCharacters={PASSWORD_MIN_CHARACTERS}
      {...(refusal ? { refusal } : {})}
    />,
    refusal === undefined ? 200 : refusal.kind === "busy" ? 503 : 422,
    refusal?.kind === "busy" ? { "retry-after": String(BUSY_RETRY_SECONDS) } : {},
  );
}

function toScan({ email, secret, sealedSecret }: Exclude<EnrolmentOffer, { kind: "password" }>) {
  const address = secretAddress(secret, organisation(), email);
  return { secret, sealedSecret, secretAddress: address, code: squareCode(address) };
}

/** Draws a QR code as one path of unit squares, including its quiet zone. */
function squareCode(text: string): { size: number; path: string } {
  const quiet = 4;
  const code = qrcode(0, "M");
  code.addData(text);
  code.make();
  const modules = code.getModuleCount();
  let path = "";
  for (let row = 0; row < modules; row++)
    for (let column = 0; column < modules; column++)
      if (code.isDark(row, column)) path += `M${column + quiet} ${row + quiet}h1v1h-1z`;
  return { size: modules + 2 * quiet, path };
}
