import { z } from "zod";
import { adminForm, adminPage, forRole, notice, organisation, proofOf, signedInAs } from "@/app/_admin/page";
import { ExportsPage, type Mistake } from "@/components/admin/ExportsPage";
import type { Actor } from "@/lib/admin";
import { CAMPAIGN_SLUG } from "@/lib/campaign/content";
import {
  checkExportParameters,
  checkPacketParameters,
  deleteSettings,
  lastExports,
  queryOfForm,
  savedSettings,
  saveSettings,
} from "@/lib/export";
import { seeOther } from "@/lib/http/answers";
import { deskRefresh } from "@/lib/http/enhancement";
import { countryOptions, DEFAULT_LOCALE } from "@/lib/i18n/locales";

type Form = { query: URLSearchParams; name: string };

/** What to export and why, what was saved, and how the last exports went. */
export function GET(request: Request): Promise<Response> {
  return forRole(request, "exporter", (actor, proved) =>
    exportsPage(actor, proved, { query: new URL(request.url).searchParams, name: "" }, null),
  );
}

/** Leads to the file once a recent code was given; saves and deletes choices. Gives back what was typed when it is refused. */
export async function POST(request: Request): Promise<Response> {
  const fields = await adminForm(request);
  const { action, id = "", name = "", code = "" } = fields ?? {};
  const query = action === "packet" ? packetQuery(fields ?? {}) : queryOfForm(fields ?? {});
  const here = action === "delete" ? "/admin/exports" : `/admin/exports?${query}`;
  return forRole(
    request,
    "exporter",
    async (actor, proved) => {
      const refused = (mistake: Mistake) => exportsPage(actor, proved, { query, name }, mistake, 422);
      switch (action) {
        case "export": {
          const checked = checkExportParameters(query);
          if (!checked.ok) return refused(checked);
          if (checked.parameters.reason === null)
            return refused({ parameter: "reason", message: "must be given" });
          const proof = await proofOf(request, proved, code);
          if (proof === null) return refused({ parameter: "code", message: CODE_REFUSED });
          return seeOther(`/api/admin/petitions/${CAMPAIGN_SLUG}/export?${query}`, proof.headers);
        }
        case "packet": {
          const checked = checkPacketParameters(query);
          if (!checked.ok) return refused({ ...checked, form: "packet" });
          if (checked.parameters.reason === undefined)
            return refused({ parameter: "reason", message: "must be given", form: "packet" });
          const proof = await proofOf(request, proved, code);
          if (proof === null) return refused({ parameter: "code", message: CODE_REFUSED, form: "packet" });
          return seeOther(`/api/admin/petitions/${CAMPAIGN_SLUG}/packet?${query}`, proof.headers);
        }
        case "save": {
          const saving = await saveSettings({ slug: CAMPAIGN_SLUG, name, query, actor });
          return saving.kind === "invalid" ? refused(saving) : seeOther(here);
        }
        case "delete":
          if (z.uuid().safeParse(id).success) await deleteSettings(CAMPAIGN_SLUG, id, actor);
          return seeOther(here);
        default:
          return notice(actor, "That is nothing this page can do", "Please go back and try again.", 400);
      }
    },
    { wanted: here },
  );
}

function packetQuery({ names, reason }: Record<string, string>): URLSearchParams {
  return new URLSearchParams({ ...(names ? { names } : {}), ...(reason ? { reason } : {}) });
}

const CODE_REFUSED =
  "was not taken: a code is good once, and only while the app shows it. Take the next one; after many failures wait longer";

async function exportsPage(
  actor: Actor,
  proved: boolean,
  { query, name }: Form,
  mistake: Mistake | null,
  status = 200,
): Promise<Response> {
  const [saved, runs] = await Promise.all([savedSettings(CAMPAIGN_SLUG), lastExports(CAMPAIGN_SLUG)]);
  return adminPage(
    <ExportsPage
      organisation={organisation()}
      signedIn={signedInAs(actor)}
      script={deskRefresh()}
      countries={countryOptions(DEFAULT_LOCALE)}
      query={query}
      name={name}
      mistake={mistake}
      askCode={!proved}
      saved={saved}
      runs={runs}
    />,
    status,
  );
}
