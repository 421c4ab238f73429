import type { ReactNode } from "react";
import { DESK_STYLES } from "@/components/admin/styles";

type AdminDocumentProps = { organisation: string; title: string; children: ReactNode };

/**
 * The HTML around what the desk's route handlers show: the sign-in, the enrolment and notices. English only;
 * never indexed, never cached.
 */
export function AdminDocument({ organisation, title, children }: AdminDocumentProps) {
  return (
    <html lang="en" dir="ltr">
      <head>
        <meta charSet="utf-8" />
        <meta name="viewport" content="width=device-width,initial-scale=1" />
        <title>{`${title} – ${organisation}`}</title>
        <meta name="robots" content="noindex,nofollow" />
        <style dangerouslySetInnerHTML={{ __html: DESK_STYLES }} />
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
