import { z } from "zod";
import { adminForm, adminPage, forRole, notice, organisation, signedInAs } from "@/app/_admin/page";
import { answerNotFound } from "@/app/_pages/message";
import { LimitsPage } from "@/components/admin/LimitsPage";
import { alarmsOf } from "@/lib/abuse/alarms";
import { LIMIT_BOUNDS, type Limits } from "@/lib/abuse/guard";
import type { Actor } from "@/lib/admin";
import {
  addGuardEntry,
  type GuardChange,
  guardSettings,
  LIMIT_NAMES,
  removeGuardEntry,
  setGuard,
} from "@/lib/admin/guard";
import { CAMPAIGN_SLUG } from "@/lib/campaign/content";
import { seeOther } from "@/lib/http/answers";

type Form = Record<string, string>;

const NAMES = Object.keys(LIMIT_NAMES) as (keyof Limits)[];

/** Limits, options and lists of the campaign. */
export function GET(request: Request): Promise<Response> {
  return forRole(request, "owner", (actor) => limitsPage(request, actor));
}

/** Sets limits and options, puts on a list, takes off one. */
export function POST(request: Request): Promise<Response> {
  return forRole(request, "owner", async (actor) => {
    const form = await adminForm(request);
    if (form === null) return notice(actor, "We could not read that form", "Please try again.", 400);
    const change = await act(actor, form);
    return change.ok
      ? seeOther("/admin/limits")
      : limitsPage(request, actor, { form, mistake: change.mistake });
  });
}

async function act(actor: Actor, form: Form): Promise<GuardChange> {
  const { action, verdict, subject = "", note = "", entry } = form;
  switch (action) {
    case "set":
      return setGuard(actor, CAMPAIGN_SLUG, {
        limits: Object.fromEntries(NAMES.map((name) => [name, Number(form[name])])) as Limits,
        options: {
          refuseDisposable: form.refuseDisposable === "yes",
          checkMailDomain: form.checkMailDomain === "yes",
        },
      });
    case "add":
      return addGuardEntry(actor, CAMPAIGN_SLUG, {
        verdict: verdict === "allow" ? "allow" : "block",
        subject,
        note: note.trim(),
      });
    case "remove":
      if (z.uuid().safeParse(entry).success) await removeGuardEntry(actor, entry ?? "");
      return { ok: true };
    default:
      return { ok: false, mistake: "That is nothing this page can do." };
  }
}

async function limitsPage(
  request: Request,
  actor: Actor,
  refused: { form: Form; mistake: string } | null = null,
): Promise<Response> {
  const [settings, alarms] = await Promise.all([guardSettings(CAMPAIGN_SLUG), alarmsOf(CAMPAIGN_SLUG)]);
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
