import type { Metadata } from "next";
import { headers } from "next/headers";
import type { ReactNode } from "react";
import { campaignsOf } from "@/app/admin/_desk/campaigns";
import { currentSession } from "@/app/admin/_desk/visit";
import { DeskNavigation } from "@/components/admin/DeskNavigation";
import { Draft } from "@/components/admin/kit/Draft";
import { TimeZone } from "@/components/admin/kit/time-zone";
import { SessionWatch } from "@/components/admin/SessionWatch";
import { DESK_STYLES } from "@/components/admin/styles";
import { draftOf, SESSION_IDLE_MINUTES } from "@/lib/accounts";
import { nonceIn } from "@/lib/http/desk-policy";
import { permissionsIn } from "@/lib/roles";
import { settings } from "@/lib/settings";
import { discardDraft } from "./actions";

export function generateMetadata(): Metadata {
  const { organisationName } = settings();
  return {
    title: { template: `%s – ${organisationName}`, default: organisationName },
    robots: { index: false, follow: false },
  };
}

/** The frame around every desk page. It authorises nothing: each page checks for itself. */
export default async function DeskLayout({ children }: { children: ReactNode }) {
  const session = await currentSession();
  const draft = session === null ? null : await draftOf(session.actor.id);
  return (
    <html lang="en" dir="ltr">
      <head>
        <style nonce={nonceIn(await headers())} dangerouslySetInnerHTML={{ __html: DESK_STYLES }} />
      </head>
      <body>
        <a className="skip" href="#content">
          Skip to the content
        </a>
        <div className="desk">
          {session === null ? null : (
            <>
              <DeskNavigation
                label={session.actor.label}
                role={session.actor.role}
                campaigns={(await campaignsOf(session.access)).map(
                  ({ slug, title, version, languages, archived }) => ({
                    slug,
                    title,
                    pages: version === null ? [] : languages,
                    archived,
                    may: permissionsIn(session.access, slug),
                  }),
                )}
                may={permissionsIn(session.access, null)}
              />
              <SessionWatch idleSeconds={SESSION_IDLE_MINUTES * 60} />
            </>
          )}
          <main id="content">
            <Draft draft={draft} discard={discardDraft}>
              <TimeZone zone={session?.timeZone ?? "UTC"}>{children}</TimeZone>
            </Draft>
          </main>
        </div>
      </body>
    </html>
  );
}
