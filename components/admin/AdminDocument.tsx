import type { ReactNode } from "react";
import { ADMIN_STYLES } from "@/components/admin/styles";
import { STYLES } from "@/components/document/styles";

type Script = { path: string; integrity: string };

/**
 * The signed-in person, as the desk shows them. `watch` hides the page once their session ends; without
 * scripts, the page leaves after `idleSeconds`.
 */
export type SignedIn = {
  label: string;
  role: "viewer" | "exporter" | "owner";
  watch: Script;
  idleSeconds: number;
};

export type AdminDocumentProps = {
  organisation: string;
  title: string;
  /** Null on the pages before sign-in. */
  signedIn: SignedIn | null;
  /** This page's address, to mark it in the navigation. */
  here?: string;
  script?: Script;
  children: ReactNode;
};

/** The HTML around every desk page. English only; never indexed, never cached. */
export function AdminDocument({ organisation, title, signedIn, script, children }: AdminDocumentProps) {
  return (
    <html lang="en" dir="ltr">
      <head>
        <meta charSet="utf-8" />
        <meta name="viewport" content="width=device-width,initial-scale=1" />
        <title>{`${title} – ${organisation}`}</title>
        <meta name="robots" content="noindex,nofollow" />
        <style dangerouslySetInnerHTML={{ __html: STYLES + ADMIN_STYLES }} />
        {[script, signedIn?.watch].map((one) =>
          one === undefined ? null : (
            <script key={one.path} src={one.path} integrity={one.integrity} type="module" />
          ),
        )}
        {signedIn === null ? null : (
          // Without scripts the page leaves once its session must have ended, unless another page kept it
          // alive.
          <noscript>
            <meta httpEquiv="refresh" content={`${signedIn.idleSeconds};url=/admin/sign-in`} />
          </noscript>
        )}
      </head>
      <body>
        <a className="skip" href="#content">
          Skip to the content
        </a>
        <div className="desk">
          <main id="content">{children}</main>
        </div>
      </body>
    </html>
  );
}
