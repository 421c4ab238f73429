import { readFileSync } from "node:fs";
import { NextRequest } from "next/server";
import sharp from "sharp";
import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { GET as signInError } from "@/app/api/auth/[...nextauth]/route";
import { addListEntry, policyFields, policySettings } from "@/lib/abuse/owner-settings";
import { giveCampaignRole } from "@/lib/accounts/campaign-roles";
import { addToken } from "@/lib/accounts/tokens";
import { recordAudit, searchAudit } from "@/lib/audit";
import { database } from "@/lib/db/client";
import { currentDataKeyId, seal } from "@/lib/db/encryption";
import {
  ACTIONS,
  type ActionName,
  actionOf,
  type DeskAction,
  isOfCampaign,
  isOpenToTokens,
} from "@/lib/desk/actions";
import { discardDraft, exportCampaign, openDraft, publish, saveFiles, submit } from "@/lib/editing";
import { saveSettings } from "@/lib/export";
import { stopMail } from "@/lib/mail/decisions";
import { markInvalid } from "@/lib/moderation/invalid";
import { startInvalidation } from "@/lib/moderation/invalidation";
import { contentPlace, type GroupContent } from "@/lib/moderation/review-content";
import { draftPaper, importPaper } from "@/lib/paper/paper";
import { addPicture } from "@/lib/pictures";
import {
  type Access,
  CAMPAIGN_ROLES,
  type CampaignRole,
  mayIn,
  ROLES,
  type Role,
  roleMay,
} from "@/lib/roles";
import { settings } from "@/lib/settings";
import { goalFields, goalsOf, ownShareTexts, shareTextFields } from "@/lib/sharing";
import { HELD_REASON } from "@/lib/signing";
import { exportTranslation, linksOf, makeLink, translationOf } from "@/lib/translations";
import { settingsForm } from "@/lib/writing";
import { useDatabase } from "@/tests/support/application";
import { CAMPAIGN_SLUG } from "@/tests/support/campaign";
import { freshCode } from "@/tests/support/codes";
import { enrolled, PASSWORD, sessionOf as sessionOfAccount } from "@/tests/support/desk";
import { addressOf, handlerOf, isOfDesk, type Method, type Route, routes } from "@/tests/support/routes";
import { liveSession, memberOf, OWNER, sessionOf, withOldCode } from "@/tests/support/session";
import { confirmedSigner } from "@/tests/support/signer";

useDatabase();

const NAMES = Object.keys(ACTIONS) as ActionName[];
const DECLARED = NAMES.map((name) => ({ name, ...actionOf(name) }));
const ofDesk = routes.filter(isOfDesk);

describe("the table of actions", () => {
  test("lists every route of the desk, and no other", () => {
    expect([...new Set(DECLARED.map(({ route }) => route))].sort()).toEqual(ofDesk.map(addressOf).sort());
  });

  const pathOf = (route: Route) => addressOf(route).replace(/^\w+ /, "");

  test.each([...new Set(ofDesk.map(pathOf))])(
    "lists what %s does, and that file asks for nothing else",
    (address) => {
      const files = new Set(ofDesk.filter((route) => pathOf(route) === address).map(({ file }) => file));
      const quoted: string[] = [...files].flatMap(
        (file) => readFileSync(file, "utf8").match(/"[a-z]+(?:[.-][a-z]+)+"/g) ?? [],
      );
      const inFile = new Set(NAMES.filter((name) => quoted.includes(`"${name}"`)));
      const declared = DECLARED.filter((each) => each.route.replace(/^\w+ /, "") === address);
      expect([...inFile].sort()).toEqual(declared.map(({ name }) => name).sort());
    },
  );

  test("requires a recent code for what cannot be undone", () => {
    for (const { name, undo, code } of DECLARED)
      if (undo === "hour" || undo === "never") expect(code, name).not.toBeNull();
  });

  test("asks a question before deleting signatures, accounts or news", () => {
    const asking = DECLARED.filter(({ asks }) => asks).map(({ name }) => name);
    expect(asking).toEqual(
      expect.arrayContaining([
        "signatory.withdraw",
        "signatory.erase",
        "bulk.withdraw",
        "campaign.close",
        "campaign.news.remove",
        "paper.undo",
        "access.remove",
      ]),
    );
    for (const name of asking) expect(actionOf(name).asks?.(1_234).text.length, name).toBeGreaterThan(40);
  });

  test("opens only reading to tokens", () => {
    for (const { name, route, token = false } of DECLARED) {
      if (token) expect(route, name).toMatch(/^GET /);
      const path = route.replace(/^\w+ /, "").replaceAll(/\[\w+\]/g, "some-thing");
      if (route.startsWith("GET ")) expect(isOpenToTokens(path), name).toBe(token);
    }
  });
});

type Asked = {
  fields?: Record<string, string>;
  params?: Record<string, string>;
  query?: string;
  file?: File;
};
type Fixture = () => Promise<Asked> | Asked;

const onSignature = (id: string, fields: Record<string, string> = {}): Asked => ({
  fields: { ...fields, signature: id },
  params: { id },
});
const signature = async (fields: Record<string, string>): Promise<Asked> =>
  onSignature((await confirmedSigner()).id, fields);
const chosen = async (fields: Record<string, string>): Promise<Asked> => {
  const [one, other] = [await confirmedSigner(), await confirmedSigner()];
  await longAgo();
  return { fields: { ...fields, [`id.${one.id}`]: "yes", [`id.${other.id}`]: "yes" } };
};
const longAgo = () =>
  database().$executeRaw`UPDATE signature SET mail_requested_at = now() - interval '2 hours'`;
const sheet = () => new TextEncoder().encode(`name,country\nNur Jan ${crypto.randomUUID()},AF\n`);
const drafted = async () => {
  const drafting = await draftPaper(OWNER, CAMPAIGN_SLUG, "sheet.csv", sheet());
  if (!drafting.ok) throw new Error(drafting.refusal);
  return drafting.draft.id;
};
/** A form with saved values, as somebody changed them. */
const edited = (saved: Record<string, string>, now: Record<string, string>) => ({
  fields: {
    ...Object.fromEntries(Object.entries(saved).map(([name, value]) => [`was.${name}`, value])),
    ...saved,
    ...now,
  },
});
const NEWS = { title: "News", text: "Some" };
const news = async () => {
  const id = crypto.randomUUID();
  await database().$executeRaw`
    INSERT INTO campaign_update (id, campaign_id, locale, title, text)
    SELECT ${id}::uuid, id, 'en', 'News', 'Some' FROM campaign WHERE slug = ${CAMPAIGN_SLUG}`;
  return id;
};
const job = () => startInvalidation(OWNER, CAMPAIGN_SLUG, { country: "AF" }, "made by a machine");
const viewer = async () => {
  const email = `viewer.${crypto.randomUUID()}@example.org`;
  await database().adminAccount.create({ data: { id: crypto.randomUUID(), email, role: "viewer" } });
  return email;
};
const batch = async () => {
  const id = crypto.randomUUID();
  await confirmedSigner();
  await database().$executeRaw`
    INSERT INTO mail_batch (id, state, data_key_id, payload_encrypted, last_reason)
    VALUES (${id}::uuid, 'ambiguous', 'k1', '\\x00', 'no answer')`;
  await database().$executeRaw`
    UPDATE mail SET state = 'batched', batch_id = ${id}::uuid, position = 0 WHERE id IN (
      SELECT id FROM mail WHERE state = 'queued' LIMIT 1)`;
  return id;
};
const reviewGroup = async () => {
  const id = crypto.randomUUID();
  const content: GroupContent = { rule: { country: "AF" }, example: null, lastAt: new Date() };
  await database().$executeRaw`
    INSERT INTO review_group (id, campaign_id, kind, data_key_id, content_encrypted, signatures)
    SELECT ${id}::uuid, id, 'burst', ${currentDataKeyId()}, ${seal(JSON.stringify(content), contentPlace(id))}, 60 FROM campaign
    WHERE slug = ${CAMPAIGN_SLUG}`;
  return id;
};
const suppressed = async () => {
  const signer = await confirmedSigner();
  await database().$executeRaw`
    INSERT INTO suppression (mailbox_key, reason) SELECT mailbox_key, 'complained' FROM signature WHERE id = ${signer.id}::uuid`;
  return signer;
};
const held = async () => {
  const { id } = await confirmedSigner();
  await markInvalid(OWNER, CAMPAIGN_SLUG, [id], "made by a machine");
  await database().$executeRaw`UPDATE signature SET held = true WHERE id = ${id}::uuid`;
  await database().$executeRaw`
    UPDATE signature_invalidation SET reason = ${HELD_REASON} WHERE signature_id = ${id}::uuid`;
  return id;
};
const otherSession = async () => (await liveSession(await sessionOf("viewer"))).sessionId;
const limits = {
  networkPerMinute: "10",
  networkPerHour: "60",
  campaignPerMinute: "6000",
  campaignPerHour: "100000",
};
const choices = { format: "csv", status: "all", reason: "Handing over", "column.id": "yes" };

const photograph = async () =>
  new Uint8Array(
    await sharp({ create: { width: 20, height: 10, channels: 3, background: "#b33" } })
      .png()
      .toBuffer(),
  );

/** The texts of the shipped campaign as they are published: there is no draft. */
const texts = async () => {
  await discardDraft(OWNER, CAMPAIGN_SLUG);
  const folder = await exportCampaign(CAMPAIGN_SLUG);
  return (path: string) => folder?.files.get(path) ?? "";
};
const aSource = () => ({
  key: `N${crypto.randomUUID().slice(0, 8)}`,
  publisher: "A paper",
  "title.en": "A report",
  date: "2026",
  url: "https://example.org/report",
});
const added = async () => {
  const textOf = await texts();
  const source = aSource();
  const now = `${textOf("sources.yaml")}- { key: ${source.key}, publisher: A paper, title: { en: A report }, date: "2026", url: "${source.url}" }\n`;
  await saveFiles(null, CAMPAIGN_SLUG, new Map([["sources.yaml", { was: textOf("sources.yaml"), now }]]));
  return source;
};
/** A draft without one of the languages. */
const withoutPashto = async () => {
  const textOf = await texts();
  const now = textOf("campaign.yaml").replace(", ps]", "]");
  await saveFiles(
    null,
    CAMPAIGN_SLUG,
    new Map([
      ["campaign.yaml", { was: textOf("campaign.yaml"), now }],
      ["ps.md", { was: textOf("ps.md"), now: "" }],
    ]),
  );
};
/** A part of the Pashto translation, as it is published. */
const translated = async (key: string) => {
  await texts();
  const part = (await translationOf(CAMPAIGN_SLUG, "ps"))?.parts.find((each) => each.key === key);
  return { key, text: part?.translation ?? "", seen: part?.seen ?? "", state: part?.state };
};
/** A draft with other words than any before it. Returns its revision. */
const changedText = async () => {
  await discardDraft(null, CAMPAIGN_SLUG);
  const draft = await openDraft(OWNER, CAMPAIGN_SLUG);
  if (draft.kind !== "open") throw new Error(draft.kind);
  const was = draft.files.get("en.md") ?? "";
  const saved = await saveFiles(OWNER, CAMPAIGN_SLUG, new Map([["en.md", { was, now: `${was}\n` }]]));
  if (saved.kind !== "saved") throw new Error(saved.kind);
  return String(saved.revision);
};
const closed = async (): Promise<Asked> => {
  await database().$executeRaw`
    UPDATE campaign SET status = 'closed', closed_at = now(), archived_at = NULL, handed_over_at = NULL
    WHERE slug = ${CAMPAIGN_SLUG}`;
  return {};
};

/** What each action is asked for with, so that it does something. One that is not here does not compile. */
const FIXTURES: Record<Exclude<ActionName, "account.password" | "session.code">, Fixture> = {
  "campaign.list": () => ({}),
  "desk.view": () => ({}),
  "desk.figures": () => ({ params: { slug: CAMPAIGN_SLUG } }),
  "sharing.view": () => ({}),
  "sharing.figures": () => ({ params: { slug: CAMPAIGN_SLUG } }),
  "news.view": () => ({}),
  "receipt.view": () => ({ params: { entry: crypto.randomUUID() } }),
  "account.view": () => ({}),
  "audit.view": () => ({}),
  "audit.export": () => ({}),
  "signatory.list": () => ({}),
  "signatory.list-many": () => ({ query: "?show=500" }),
  "signatory.view": async () => ({ params: { id: (await confirmedSigner()).id } }),
  "review.list": () => ({}),
  "exports.view": () => ({}),
  "export.list": () => ({ params: { slug: CAMPAIGN_SLUG } }),
  "export.file": () => ({ params: { slug: CAMPAIGN_SLUG }, query: "?reason=Handing+over" }),
  "export.packet": () => ({ params: { slug: CAMPAIGN_SLUG }, query: "?reason=Handing+over" }),
  "invalidation.view": () => ({}),
  "paper.view": () => ({}),
  "limits.view": () => ({}),
  "access.view": () => ({}),
  "picture.list": () => ({}),
  "picture.add": async () => ({ file: new File([await photograph()], `${crypto.randomUUID()}.png`) }),
  "picture.remove": async () => {
    const name = `${crypto.randomUUID()}.png`;
    const added = await addPicture(OWNER, CAMPAIGN_SLUG, { name, bytes: await photograph() });
    if (!added.ok) throw new Error(added.refusal.message);
    return { fields: { name } };
  },
  "campaign.view": () => ({}),
  "session.sign-out": () => ({}),
  "session.view": () => ({}),
  "session.discard-draft": () => ({}),
  "account.time-zone": () => ({ fields: { timeZone: "Asia/Kabul" } }),
  "account.end-session": () => ({ fields: { session: "own" } }),
  "account.end-others": () => ({ fields: { session: "own" } }),
  "signatory.search": async () => ({ fields: { find: (await confirmedSigner()).email } }),
  "signatory.resend": async () => {
    const asked = await signature({});
    await longAgo();
    return asked;
  },
  "signatory.invalid": () => signature({ reason: "made by a machine" }),
  "signatory.restore": async () => {
    const { id } = await confirmedSigner();
    await markInvalid(OWNER, CAMPAIGN_SLUG, [id], "made by a machine");
    return onSignature(id);
  },
  "signatory.withdraw": () => signature({}),
  "signatory.erase": () => signature({}),
  "bulk.invalid": () => chosen({ reason: "made by a machine" }),
  "bulk.withdraw": () => chosen({}),
  "bulk.resend": () => chosen({}),
  "bulk.undo": async () => {
    const { id } = await confirmedSigner();
    return { fields: { job: (await markInvalid(OWNER, CAMPAIGN_SLUG, [id], "made by a machine")).jobId } };
  },
  "signatory.lift": async () => {
    const { id } = await suppressed();
    return onSignature(id);
  },
  "suppression.lift": async () => ({ fields: { address: (await suppressed()).email } }),
  "review.release": async () => ({ fields: { signature: await held() } }),
  "review.discard": async () => ({ fields: { signature: await held() } }),
  "review.genuine": async () => ({ fields: { group: await reviewGroup() } }),
  "invalidation.preview": () => ({ fields: { country: "AF" } }),
  "invalidation.start": () => ({ fields: { country: "AF", reason: "made by a machine" } }),
  "invalidation.cancel": async () => ({ fields: { job: await job() } }),
  "invalidation.undo": async () => ({ fields: { job: await job() } }),
  "paper.draft": () => ({ file: new File([sheet()], "sheet.csv", { type: "text/csv" }) }),
  "paper.import": async () => ({ fields: { draft: await drafted() } }),
  "paper.undo": async () => {
    const id = await drafted();
    await importPaper(OWNER, CAMPAIGN_SLUG, id);
    return { fields: { import: id } };
  },
  "version.view": () => ({}),
  "version.compare": () => ({ params: { number: "1" } }),
  "campaign.create": () => ({
    fields: { title: `Wells ${crypto.randomUUID()}`, slug: "", language: "en", from: "" },
  }),
  "version.submit": async () => ({ fields: { revision: await changedText() } }),
  "version.return": async () => {
    await changedText();
    await submit(OWNER, CAMPAIGN_SLUG);
    return { fields: { remark: "One source is missing" } };
  },
  "version.schedule": async () => ({
    fields: { revision: await changedText(), note: "New words", at: "2099-01-01T08:00" },
  }),
  "version.publish": async () => ({ fields: { revision: await changedText(), note: "New words" } }),
  "version.take-back": async () => {
    await changedText();
    await publish(OWNER, CAMPAIGN_SLUG);
    return { fields: { number: "1" } };
  },
  "version.discard": async () => ({ fields: { revision: await changedText() } }),
  "campaign.four-eyes": async () => {
    await database().$executeRaw`UPDATE campaign SET four_eyes = false WHERE slug = ${CAMPAIGN_SLUG}`;
    return { fields: { fourEyes: "yes" } };
  },
  "campaign.hand-over": closed,
  "campaign.archive": closed,
  "campaign.unarchive": async () => {
    await closed();
    await database().$executeRaw`UPDATE campaign SET archived_at = now() WHERE slug = ${CAMPAIGN_SLUG}`;
    return {};
  },
  "campaign.close": () => ({}),
  "campaign.reopen": closed,
  "campaign.goals": async () => {
    const goals = await goalsOf(CAMPAIGN_SLUG);
    return edited(goals ? goalFields(goals) : {}, { goal: "25000", nextGoals: "50000" });
  },
  "campaign.origins": () => ({ fields: { framedBy: "any" } }),
  "campaign.texts": async () =>
    edited(shareTextFields(CAMPAIGN_SLUG, "en", await ownShareTexts(CAMPAIGN_SLUG, "en")), {
      locale: "en",
      "text.sms": `Sign this ${crypto.randomUUID()}`,
    }),
  "campaign.news": () => ({ fields: { locale: "en", title: "News", text: "Two families may stay." } }),
  "campaign.news.correct": async () => ({
    fields: { ...edited(NEWS, { title: "News", text: "Three may." }).fields, id: await news() },
  }),
  "campaign.news.remove": async () => ({ fields: { id: await news() } }),
  "limits.set": async () => {
    const saved = await policySettings(CAMPAIGN_SLUG);
    return edited(saved ? policyFields(saved) : {}, limits);
  },
  "limits.list": () => ({ fields: { verdict: "block", subject: "evil.example", note: "" } }),
  "limits.unlist": async () => {
    await addListEntry(OWNER, CAMPAIGN_SLUG, { verdict: "block", subject: "bad.example", note: "" });
    const { id } = await database().abuseListEntry.findFirstOrThrow({ orderBy: { createdAt: "desc" } });
    return { fields: { entry: id } };
  },
  "access.role": async () => ({
    fields: { email: await viewer(), campaign: CAMPAIGN_SLUG, role: "reviewer" },
  }),
  "access.remove-role": async () => {
    const email = await viewer();
    await giveCampaignRole(email, CAMPAIGN_SLUG, "reviewer");
    return { fields: { email, campaign: CAMPAIGN_SLUG } };
  },
  "access.add": () => ({ fields: { email: `${crypto.randomUUID()}@example.org`, role: "viewer" } }),
  "access.reset": async () => ({ fields: { email: await viewer(), lost: "password" } }),
  "access.remove": async () => ({ fields: { email: await viewer() } }),
  "access.add-token": () => ({ fields: { token: crypto.randomUUID(), role: "viewer", days: "1" } }),
  "access.end-session": async () => ({ fields: { session: await otherSession() } }),
  "access.revoke-token": async () => {
    const token = crypto.randomUUID();
    await addToken(token, "viewer", 1);
    return { fields: { token } };
  },
  "mail.retry": async () => {
    await confirmedSigner();
    await database()
      .$executeRaw`UPDATE mail SET state = 'dead', reason = 'refused', finished_at = now() WHERE state = 'queued'`;
    return { fields: { reason: "refused" } };
  },
  "mail.decide": async () => ({ fields: { batch: await batch(), decision: "sent" } }),
  "mail.resume": async () => {
    await stopMail(null);
    return {};
  },
  "export.choose": () => ({ fields: choices }),
  "export.choose-packet": () => ({ fields: choices }),
  "export.save-choices": () => ({ fields: { ...choices, name: "Weekly" } }),
  "export.delete-choices": async () => {
    const query = new URLSearchParams({ format: "csv", status: "all", columns: "id" });
    await saveSettings({ slug: CAMPAIGN_SLUG, name: crypto.randomUUID().slice(0, 8), query, actor: OWNER });
    const { id } = await database().exportSettings.findFirstOrThrow({ orderBy: { savedAt: "desc" } });
    return { fields: { id } };
  },
  "audit.check": () => ({}),
  "text.view": () => ({}),
  "text.preview": () => ({ params: { locale: "en" } }),
  "text.save": async () => {
    const text = (await texts())("en.md");
    return { fields: { file: "en.md", "was.text": text, text: `${text}\nMore.[^K1]\n` } };
  },
  "text.autosave": async () => {
    const was = (await texts())("en.md");
    return { params: { slug: CAMPAIGN_SLUG }, fields: { path: "en.md", was, now: `${was}\nMore.[^K1]\n` } };
  },
  "settings.save": async () => {
    const saved = settingsForm((await texts())("campaign.yaml"))?.fields ?? {};
    return edited({ "language.ps": saved["language.ps"] ?? "" }, { "language.ps": "no" });
  },
  "source.add": async () => {
    await texts();
    return { fields: aSource() };
  },
  "source.change": async () => {
    const { key, ...fields } = await added();
    return { fields: { ...edited(fields, { publisher: "Another paper" }).fields, key } };
  },
  "source.remove": async () => ({ fields: { key: (await added()).key } }),
  "translation.view": () => ({}),
  "translation.add-language": async () => {
    await withoutPashto();
    return { fields: { locale: "ps" } };
  },
  "translation.live": async () => {
    await texts();
    return { fields: { locale: "ps", finished: "no" } };
  },
  "translation.open": () => ({ params: { locale: "ps" } }),
  "translation.save": async () => {
    const part = await translated("title");
    return {
      params: { locale: "ps" },
      fields: { locale: "ps", [`was.text.${part.key}`]: part.text, [`text.${part.key}`]: `${part.text} 2` },
    };
  },
  "translation.review": async () => {
    const part = await translated("title");
    const decision = part.state === "reviewed" ? "back" : "chosen";
    return { params: { locale: "ps" }, fields: { locale: "ps", decision, "check.title": part.seen } };
  },
  "translation.import": async () => {
    const part = await translated("title");
    const file = (await exportTranslation(CAMPAIGN_SLUG, "ps", "po")) ?? "";
    const changed = file.replace(`msgstr "${part.text}"`, `msgstr "${part.text} 3"`);
    return { params: { locale: "ps" }, fields: { locale: "ps" }, file: new File([changed], "ps.po") };
  },
  "translation.export": () => ({ params: { slug: CAMPAIGN_SLUG, locale: "ps" }, query: "?format=po" }),
  "translation.link": () => ({
    params: { locale: "ps" },
    fields: { locale: "ps", name: "Zarghuna", days: "7" },
  }),
  "translation.revoke-link": async () => {
    await makeLink(OWNER, CAMPAIGN_SLUG, "ps", { name: "Zarghuna", days: 7 });
    const [link] = await linksOf(CAMPAIGN_SLUG, "ps");
    return { params: { locale: "ps" }, fields: { link: link?.id ?? "" } };
  },
};

function routeOf({ route }: DeskAction): Route {
  const found = ofDesk.find((each) => addressOf(each) === route);
  if (!found) throw new Error(`${route} is gone`);
  return found;
}

async function ask(declared: DeskAction, asked: Asked, headers: Record<string, string>): Promise<Response> {
  const handler = await handlerOf(routeOf(declared));
  const [method, path = ""] = declared.route.split(" ") as [Method, string];
  const params: Record<string, string> = { campaign: CAMPAIGN_SLUG, ...asked.params };
  const address = path.replaceAll(/\[(\w+)\]/g, (_, name: string) => params[name] ?? "");
  const form = { ...(declared.form === undefined ? {} : { action: declared.form }), ...asked.fields };
  const init = method === "POST" ? posted(form, asked.file) : {};
  const request = new Request(`${settings().siteUrl}${address}${asked.query ?? ""}`, {
    method,
    headers: { accept: "text/html", origin: settings().siteUrl, ...headers },
    ...init,
  });
  return handler(request, { params: Promise.resolve(params) });
}

function posted(form: Record<string, string>, file: File | undefined): RequestInit {
  if (file === undefined) return { body: new URLSearchParams(form) };
  const body = new FormData();
  for (const [name, value] of Object.entries(form)) body.set(name, value);
  body.set("file", file);
  return { body };
}

/** Another campaign, which was never published: it is there to have roles in. */
const OTHER_SLUG = "somewhere-else";
const memberAs = (role: CampaignRole): Access => ({
  role: "member",
  inCampaigns: new Map([[CAMPAIGN_SLUG, role]]),
});

/** Somebody of a role, and a second session of theirs to be ended. */
async function somebody(role: Role, asked: Asked): Promise<{ cookie: string; asked: Asked }> {
  const cookie = await sessionOf(role);
  if (asked.fields?.session !== "own") return { cookie, asked };
  const { actor } = await liveSession(cookie);
  const account = { id: actor.id, email: actor.label, role, secret: "", recoveryCodes: [] };
  const { id } = await sessionOfAccount(account);
  return { cookie, asked: { ...asked, fields: { session: id } } };
}

/** A batch of mail may hold mail of several campaigns; a role may be one in a campaign. */
const namesCampaign = (name: ActionName) =>
  (isOfCampaign(name) && !name.startsWith("mail.")) || ["access.role", "access.remove-role"].includes(name);
const ofCampaign = async (action: string) =>
  (await searchAudit({ action: [action], campaigns: [CAMPAIGN_SLUG] }, "trusted", 1_000)).length;

const entries = (action: string) => database().auditEntry.count({ where: { action } });
const all = () => database().auditEntry.count({ where: { action: { not: "session.begin" } } });

beforeAll(async () => {
  await database().campaign.create({ data: { id: crypto.randomUUID(), slug: OTHER_SLUG, goal: 100 } });
});
beforeEach(async () => {
  await database()
    .$executeRaw`UPDATE campaign SET status = 'open', closed_at = NULL, handed_over_at = NULL, archived_at = NULL,
      outcome = NULL, four_eyes = false WHERE slug = ${CAMPAIGN_SLUG}`;
});

describe.each(DECLARED.filter((each) => each.name in FIXTURES))("$name", ({ name, ...declared }) => {
  const fixture = FIXTURES[name as keyof typeof FIXTURES];

  test("is refused to every role that does not allow it, and to a token unless it is open to them, and changes nothing", async () => {
    const asked = await fixture();
    const campaign = isOfCampaign(name) ? CAMPAIGN_SLUG : null;
    const refused = [
      ...ROLES.filter((role) => !roleMay(role, declared.needs)).map((role) => ({
        role,
        cookie: () => sessionOf(role),
        status: role === "member" && campaign !== null ? 404 : 403,
      })),
      ...CAMPAIGN_ROLES.filter((role) => !mayIn(memberAs(role), campaign, declared.needs)).map((role) => ({
        role: `${role} of the campaign`,
        cookie: () => memberOf(CAMPAIGN_SLUG, role),
        status: 403,
      })),
    ];
    for (const { role, cookie, status } of refused) {
      const headers = { cookie: await cookie() };
      const before = await all();
      expect((await ask(declared, asked, headers)).status, role).toBe(status);
      expect(await all()).toBe(before);
    }
    const made = await addToken(crypto.randomUUID(), "owner", 1);
    const authorization = `Bearer ${made.kind === "made" ? made.token : ""}`;
    const byToken = await ask(declared, asked, { authorization, accept: "application/json" });
    await byToken.body?.cancel();
    expect(byToken.status === 403).toBe(declared.token !== true);
  });

  test("is open to every role in the campaign that allows it, and to none in another", async () => {
    if (!isOfCampaign(name)) return;
    for (const role of CAMPAIGN_ROLES.filter((each) =>
      mayIn(memberAs(each), CAMPAIGN_SLUG, declared.needs),
    )) {
      const cookie = await withOldCode(await memberOf(CAMPAIGN_SLUG, role));
      const { status } = await ask(declared, await fixture(), { cookie });
      if (name !== "receipt.view") expect([403, 404], `${role}: ${status}`).not.toContain(status);
      const elsewhere = { cookie: await memberOf(OTHER_SLUG, role) };
      expect((await ask(declared, await fixture(), elsewhere)).status, role).toBe(404);
    }
  });

  test("asks for a code where the last is old if it is declared to, and for an answer; then it is done and on record", async () => {
    const { cookie, asked } = await somebody(
      ROLES.find((role) => roleMay(role, declared.needs)) ?? "owner",
      await fixture(),
    );
    await withOldCode(cookie);
    const [before, ours] = [await all(), await entries(declared.audit ?? "")];
    const oursOfCampaign = await ofCampaign(declared.audit ?? "");
    const first = await ask(declared, asked, { cookie });
    const needsCode = declared.code !== null;
    if (needsCode || declared.asks) {
      if (declared.route.startsWith("GET /api/")) expect(first.status).toBe(303);
      else {
        const page = await first.text();
        expect(first.status).toBe(needsCode ? 422 : 200);
        expect(/id="?[^" ]*code"?[ >]/.test(page), "a code").toBe(needsCode);
        expect(page.includes('name="confirmed"'), "a question").toBe(declared.asks !== undefined);
        for (const value of Object.values(asked.fields ?? {})) expect(page).toContain(value);
      }
      expect(await all(), "nothing is done yet").toBe(before);
    }
    await database().$executeRaw`UPDATE admin_session SET second_factor_at = now()`;
    const doing = { ...asked, fields: { ...asked.fields, ...(declared.asks ? { confirmed: "yes" } : {}) } };
    const answer = needsCode || declared.asks ? await ask(declared, doing, { cookie }) : first;
    await answer.body?.cancel();
    if (name !== "receipt.view") expect(answer.status).toBeLessThan(400);
    if (declared.audit === null) expect(await all()).toBe(before);
    else {
      expect(await entries(declared.audit)).toBe(ours + 1);
      const named = namesCampaign(name) ? 1 : 0;
      expect(await ofCampaign(declared.audit), "its entry names the campaign").toBe(oursOfCampaign + named);
    }
    const location = answer.headers.get("location") ?? "";
    if (declared.receipt) expect(location).toMatch(/^\/admin\/[a-z-]+\/receipts\/[0-9a-f-]{36}$/);
  });
});

describe("an action that asks for a code each time", () => {
  test("leaves one audit entry for a password change and for a code by itself", async () => {
    const account = await enrolled("viewer");
    const { cookie } = await sessionOfAccount(account);
    const code = { ...actionOf("session.code"), name: "session.code" };
    const before = await entries("session.prove");
    const refused = await ask(
      code,
      { fields: { code: "000000", back: "/admin/settings/audit" } },
      { cookie },
    );
    expect([refused.status, await entries("session.prove")]).toEqual([422, before]);
    const fields = { code: await freshCode(account.secret), back: "/admin/settings/audit" };
    const taken = await ask(code, { fields }, { cookie });
    expect([taken.status, taken.headers.get("location")]).toEqual([303, "/admin/settings/audit"]);
    expect(await entries("session.prove")).toBe(before + 1);
    const renewed = taken.headers.getSetCookie()[0]?.split(";")[0] ?? "";
    const password = {
      present: PASSWORD,
      password: "other words of some kind",
      code: account.recoveryCodes[0] ?? "",
    };
    const changed = await ask(actionOf("account.password"), { fields: password }, { cookie: renewed });
    expect([changed.status, await entries("account.password")]).toEqual([303, 1]);
  });

  test("redirects only to pages of the desk", async () => {
    const account = await enrolled("viewer");
    for (const [back, recovery] of [
      ["https://evil.example/admin", 0],
      ["//evil.example", 1],
      ["/en", 2],
    ] as const) {
      const { cookie } = await sessionOfAccount(account);
      const fields = { code: account.recoveryCodes[recovery] ?? "", back };
      const led = await ask(actionOf("session.code"), { fields }, { cookie });
      expect([led.status, led.headers.get("location")]).toEqual([303, "/admin"]);
    }
  });
});

test("keeps a receipt readable, for exporters too, and offers the way back within the hour", async () => {
  const owner = await sessionOf("owner");
  const one = await confirmedSigner();
  const fields = { [`id.${one.id}`]: "yes", confirmed: "yes" };
  const led = await ask(actionOf("bulk.withdraw"), { fields }, { cookie: owner });
  const entry = led.headers.get("location")?.split("/").at(-1) ?? "";
  const read = async (cookie: string) =>
    (await ask(actionOf("receipt.view"), { params: { entry } }, { cookie })).text();
  expect(await read(owner)).toContain("1 signature withdrawn");
  expect(await read(owner)).toContain("Take it back");
  const seen = await read(await sessionOf("exporter"));
  expect([seen.includes("1 signature withdrawn"), seen.includes("Take it back")]).toEqual([true, false]);
  await ask(actionOf("signatory.erase"), onSignature(one.id, { confirmed: "yes" }), { cookie: owner });
  expect(await read(owner)).toContain("1 signature withdrawn");
});

test.each([
  ["an import", "paper.import", "paper.undo", "import"],
  ["a withdrawal of many", "bulk.withdraw", "bulk.undo", "job"],
] as const)(
  "says on the receipt of %s that it was taken back, and no longer offers to",
  async (_, doing, undoing, key) => {
    const cookie = await sessionOf("owner");
    const asked = await FIXTURES[doing]();
    const led = await ask(actionOf(doing), { fields: { ...asked.fields, confirmed: "yes" } }, { cookie });
    const entry = led.headers.get("location")?.split("/").at(-1) ?? "";
    const read = async () => (await ask(actionOf("receipt.view"), { params: { entry } }, { cookie })).text();
    const before = await read();
    expect(before).toContain("Take it back");
    const [, id = ""] = new RegExp(`name="?${key}"? value="?([0-9a-f-]{36})`).exec(before) ?? [];
    await ask(actionOf(undoing), { fields: { [key]: id, confirmed: "yes" } }, { cookie });
    const after = await read();
    expect([after.includes("was taken back later"), after.includes("Take it back")]).toEqual([true, false]);
  },
);

test.each([
  ["another campaign", { campaign: "of-another" }],
  ["no campaign", {}],
])("shows no receipt of %s at a campaign's desk", async (_, about) => {
  const cookie = await sessionOf("owner");
  const read = async (entry: string) =>
    (await ask(actionOf("receipt.view"), { params: { entry } }, { cookie })).status;
  const entry = { actor: OWNER, action: "campaign.close", detail: {} };
  expect(await read(await recordAudit({ ...entry, campaign: CAMPAIGN_SLUG }))).toBe(200);
  expect(await read(await recordAudit({ ...entry, ...about }))).toBe(404);
});

test("lists nobody for an unknown verdict", async () => {
  const cookie = await sessionOf("owner");
  const fields = { verdict: "nonsense", subject: "nobody.example", note: "" };
  expect((await ask(actionOf("limits.list"), { fields }, { cookie })).status).toBe(422);
  expect(await database().abuseListEntry.count({ where: { domain: "nobody.example" } })).toBe(0);
});

test("reports a time outside the database's range as a mistake in a form, and ignores it in an address", async () => {
  const cookie = await sessionOf("owner");
  const preview = { fields: { country: "AF", from: "0000-01-01T00:00" } };
  expect((await ask(actionOf("invalidation.preview"), preview, { cookie })).status).toBe(422);
  const query = "?from=0000-01-01";
  for (const name of ["signatory.list", "audit.view"] as const)
    expect((await ask(actionOf(name), { query }, { cookie })).status).toBe(200);
  const file = { params: { slug: CAMPAIGN_SLUG }, query: `${query}&format=csv&reason=Handing+over` };
  expect((await ask(actionOf("export.file"), file, { cookie })).status).toBe(400);
});

test.each(["export.file", "export.packet"] as const)(
  "answers 404 to %s for a slug that cannot exist",
  async (name) => {
    const handler = await handlerOf(routeOf(actionOf(name)));
    const headers = { cookie: await sessionOf("exporter"), "sec-fetch-site": "same-origin" };
    const request = new Request(
      `${settings().siteUrl}/api/admin/petitions/x?reason=Handing+over&format=csv`,
      { headers },
    );
    expect((await handler(request, { params: Promise.resolve({ slug: "peti\0tion" }) })).status).toBe(404);
  },
);

test.each(["%00", "%E2%80%AE", "%ff", "a%0D%0ASet-Cookie:x"])(
  "redirects next-auth's error page to the sign-in, whatever the error: %s",
  async (error) => {
    const address = new NextRequest(`${settings().siteUrl}/api/auth/error?error=${error}`);
    const answer = await signInError(address, { params: Promise.resolve({ nextauth: ["error"] }) });
    expect([answer.status, answer.headers.get("location")]).toEqual([303, "/admin/sign-in"]);
  },
);
