import { z } from "zod";
import { deskRefresh } from "@/app/(public)/_pages/enhancement";
import { forAction, forForm, type Posted, type Visit } from "@/app/admin/_desk/action";
import { adminPage, organisation, signedInAs } from "@/app/admin/_desk/document";
import { ExportsPage, type Mistake } from "@/components/admin/ExportsPage";
import { ONLY_CAMPAIGN } from "@/lib/campaigns";
import {
  checkExportParameters,
  checkPacketParameters,
  deleteSettings,
  lastExports,
  queryOfForm,
  savedSettings,
  saveSettings,
} from "@/lib/export";
import { redirect } from "@/lib/http/answers";
import { countryOptions } from "@/lib/i18n/country-names";
import { DEFAULT_LOCALE } from "@/lib/i18n/locales";

type Fields = Record<string, string>;
type Form = { query: URLSearchParams; name: string };

/** Serves the export form, saved choices and recent exports. */
export function GET(request: Request): Promise<Response> {
  return forAction(request, "exports.view", (visit) =>
    exportsPage(visit, { query: visit.query, name: "" }, null),
  );
}

/** Redirects to the file, or saves or deletes choices. A refused form keeps what was typed. */
export function POST(request: Request): Promise<Response> {
  return forForm(
    request,
    {
      "export.choose": async (posted) => {
        const query = queryIn(posted.form);
        const checked = checkExportParameters(query);
        if (!checked.ok) return refused(posted, checked);
        if (checked.parameters.reason === null) return refused(posted, NO_REASON);
        return redirect(`/api/admin/petitions/${ONLY_CAMPAIGN}/export?${query}`);
      },
      "export.choose-packet": async (posted) => {
        const query = queryIn(posted.form);
        const checked = checkPacketParameters(query);
        if (!checked.ok) return refused(posted, { ...checked, form: "packet" });
        if (checked.parameters.reason === undefined) return refused(posted, { ...NO_REASON, form: "packet" });
        return redirect(`/api/admin/petitions/${ONLY_CAMPAIGN}/packet?${query}`);
      },
      "export.save-choices": async (posted) => {
        const { actor, form } = posted;
        const query = queryIn(form);
        const saving = await saveSettings({ slug: ONLY_CAMPAIGN, name: form.name ?? "", query, actor });
        return saving.kind === "invalid" ? refused(posted, saving) : redirect(pageOf(form));
      },
      "export.delete-choices": async ({ actor, form }) => {
        const { id = "" } = form;
        if (z.uuid().safeParse(id).success) await deleteSettings(ONLY_CAMPAIGN, id, actor);
        return redirect(pageOf(form));
      },
    },
    { wanted: pageOf },
  );
}

const NO_REASON: Mistake = { parameter: "reason", message: "must be given" };

function refused(posted: Posted, mistake: Mistake): Promise<Response> {
  const { form } = posted;
  return exportsPage(posted, { query: queryIn(form), name: form.name ?? "" }, mistake, 422);
}

/** Returns the address of the page with the choices made so far. */
function pageOf(form: Fields): string {
  return form.action === "delete" ? "/admin/exports" : `/admin/exports?${queryIn(form)}`;
}

function queryIn(form: Fields): URLSearchParams {
  if (form.action !== "packet") return queryOfForm(form);
  const { names, reason } = form;
  return new URLSearchParams({ ...(names ? { names } : {}), ...(reason ? { reason } : {}) });
}

async function exportsPage(
  { actor, reader }: Visit,
  { query, name }: Form,
  mistake: Mistake | null,
  status = 200,
): Promise<Response> {
  const [saved, runs] = await Promise.all([savedSettings(ONLY_CAMPAIGN), lastExports(ONLY_CAMPAIGN)]);
  return adminPage(
    <ExportsPage
      organisation={organisation()}
      signedIn={signedInAs(actor)}
      script={deskRefresh()}
      countries={countryOptions(DEFAULT_LOCALE)}
      query={query}
      name={name}
      mistake={mistake}
      askCode={!reader.proved}
      saved={saved}
      runs={runs}
    />,
    status,
  );
}
