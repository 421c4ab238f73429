import { z } from "zod";
import { answerNotFound } from "@/app/(public)/_pages/message";
import { forAction, forForm, type Posted } from "@/app/admin/_desk/action";
import { adminPage, organisation, signedInAs } from "@/app/admin/_desk/document";
import { LimitsPage } from "@/components/admin/LimitsPage";
import {
  addGuardEntry,
  alarmsOf,
  type GuardChange,
  guardSettings,
  LIMIT_BOUNDS,
  LIMIT_NAMES,
  type Limits,
  removeGuardEntry,
  setGuard,
} from "@/lib/abuse";
import type { Actor } from "@/lib/audit";
import { ONLY_CAMPAIGN } from "@/lib/campaigns";
import { redirect } from "@/lib/http/answers";

type Form = Record<string, string>;

const NAMES = Object.keys(LIMIT_NAMES) as (keyof Limits)[];

/** Serves the campaign's limits, options and lists. */
export function GET(request: Request): Promise<Response> {
  return forAction(request, "limits.view", ({ actor }) => limitsPage(request, actor));
}

/** Sets limits and options, and adds or removes list entries. */
export function POST(request: Request): Promise<Response> {
  const saved = async ({ actor, form }: Posted, change: Promise<GuardChange>) => {
    const changed = await change;
    return changed.ok
      ? redirect("/admin/limits")
      : limitsPage(request, actor, { form, mistake: changed.mistake });
  };
  return forForm(request, {
    "limits.set": (posted) => saved(posted, set(posted)),
    "limits.list": (posted) => saved(posted, list(posted)),
    "limits.unlist": async ({ actor, form: { entry = "" } }) => {
      if (z.uuid().safeParse(entry).success) await removeGuardEntry(actor, entry);
      return redirect("/admin/limits");
    },
  });
}

function set({ actor, form }: Posted): Promise<GuardChange> {
  return setGuard(actor, ONLY_CAMPAIGN, {
    limits: Object.fromEntries(NAMES.map((name) => [name, Number(form[name])])) as Limits,
    options: {
      refuseDisposable: form.refuseDisposable === "yes",
      checkMailDomain: form.checkMailDomain === "yes",
    },
  });
}

async function list({ actor, form: { verdict, subject = "", note = "" } }: Posted): Promise<GuardChange> {
  if (verdict !== "allow" && verdict !== "block")
    return { ok: false, mistake: "List: choose to block or to allow." };
  return addGuardEntry(actor, ONLY_CAMPAIGN, {
    verdict,
    subject,
    note: note.trim(),
  });
}

async function limitsPage(
  request: Request,
  actor: Actor,
  refused: { form: Form; mistake: string } | null = null,
): Promise<Response> {
  const [settings, alarms] = await Promise.all([guardSettings(ONLY_CAMPAIGN), alarmsOf(ONLY_CAMPAIGN)]);
  if (!settings) return answerNotFound(request);
  const { form = {}, mistake = null } = refused ?? {};
  const setting = form.action === "set";
  return adminPage(
    <LimitsPage
      organisation={organisation()}
      signedIn={signedInAs(actor)}
      alarms={alarms}
      limits={NAMES.map((name) => {
        const [least, most] = LIMIT_BOUNDS[name];
        const value = setting ? Number(form[name]) : settings.limits[name];
        return { name, label: LIMIT_NAMES[name], value, least, most };
      })}
      options={
        setting
          ? {
              refuseDisposable: form.refuseDisposable === "yes",
              checkMailDomain: form.checkMailDomain === "yes",
            }
          : settings.options
      }
      entries={settings.entries}
      total={settings.total}
      mistake={mistake}
      typed={{ verdict: form.verdict ?? "block", subject: form.subject ?? "", note: form.note ?? "" }}
    />,
    mistake === null ? 200 : 422,
  );
}
