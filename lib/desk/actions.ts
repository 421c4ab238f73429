import { UNDO_MINUTES } from "@/lib/moderation";
import type { Permission } from "@/lib/roles";
import { CONFIRMATION_DAYS } from "@/lib/signing";

/**
 * Why an action needs a recent code: it discloses personal data, decides who counts or may sign, is seen by
 * the public, cannot be undone, or lets somebody in.
 */
export type CodeReason = "discloses" | "counts" | "public" | "final" | "access";

/** The confirmation that an action asks for first. */
export type Question = { title: string; text: string; button: string };
/** What was done, as its audit log entry records it for good, and the form that undoes it within the hour. */
export type Receipt = {
  title: string;
  text: string;
  undo?: { action: "bulk.undo" | "paper.undo"; fields: Record<string, string> };
};
type Detail = Record<string, unknown>;

export type DeskAction = {
  /** Method and path of its route. */
  route: `${"GET" | "POST"} /${string}`;
  /** Value of the form's `action` field; absent if the form has none. */
  form?: string;
  /** What somebody must be allowed to: in the campaign of its address, or everywhere if that names none. */
  needs: Permission;
  /** True if an API token may do it too. */
  token?: true;
  /** True for a file, which a browser must not store for another site's page. */
  file?: true;
  /**
   * Why a recent code is needed; null if none is. `own`: the form asks for one each time,
   * however recent the last.
   */
  code: CodeReason | "own" | null;
  /** Action of the single entry it leaves in the audit log; null if it leaves none. */
  audit: string | null;
  /**
   * `nothing`: it changes nothing that anybody would miss. `any-time`: the same page undoes it. `hour`: it
   * can be undone for an hour. `never`: it is final.
   */
  undo: "nothing" | "any-time" | "hour" | "never";
  /** True if it opens names or tells who signed, which counts against the reader's hourly limit. */
  names?: true;
  /** The question it asks first, given the number of signatures, people or pieces of news. */
  asks?: (howMany: number) => Question;
  receipt?: (detail: Detail) => Receipt;
};

const counted = (number: number, noun: string) =>
  `${number.toLocaleString("en")} ${noun}${number === 1 ? "" : "s"}`;
const signatures = (number: unknown) => counted(Number(number), "signature");
/** The form that undoes a bulk action on signatures. */
const undoOfJob = (detail: Detail): Pick<Receipt, "undo"> =>
  typeof detail.job === "string" ? { undo: { action: "bulk.undo", fields: { job: detail.job } } } : {};

const WITHDRAWN: DeskAction["receipt"] = (detail) =>
  "job" in detail
    ? {
        title: `${signatures(detail.signatures)} withdrawn`,
        text: `They no longer count. For ${UNDO_MINUTES} minutes you can restore all of them, here or on the Signatories page. After that they are permanently deleted, with everything that belongs to them.`,
        ...undoOfJob(detail),
      }
    : {
        title: "The signature is deleted",
        text: "It no longer counts, and none of it is kept. The person can sign again.",
      };

/**
 * All actions of the desk and how they are guarded. Routes take their checks from here; a test compares
 * the table with the routes.
 */
export const ACTIONS = {
  // Views.
  "campaign.list": { route: "GET /admin", needs: "sign in", code: null, audit: null, undo: "nothing" },
  "desk.view": {
    route: "GET /admin/[campaign]",
    needs: "read figures",
    code: null,
    audit: null,
    undo: "nothing",
  },
  "desk.figures": {
    route: "GET /api/admin/petitions/[slug]/figures",
    needs: "read figures",
    token: true,
    code: null,
    audit: null,
    undo: "nothing",
  },
  "sharing.view": {
    route: "GET /admin/[campaign]/sharing",
    needs: "read figures",
    code: null,
    audit: null,
    undo: "nothing",
  },
  "sharing.figures": {
    route: "GET /api/admin/petitions/[slug]/sharing",
    needs: "read figures",
    token: true,
    code: null,
    audit: null,
    undo: "nothing",
  },
  "receipt.view": {
    route: "GET /admin/[campaign]/receipts/[entry]",
    needs: "read figures",
    code: null,
    audit: null,
    undo: "nothing",
  },
  "account.view": {
    route: "GET /admin/settings/account",
    needs: "sign in",
    code: null,
    audit: null,
    undo: "nothing",
  },
  "audit.view": {
    route: "GET /admin/settings/audit",
    needs: "sign in",
    code: null,
    audit: null,
    undo: "nothing",
  },
  "audit.export": {
    route: "GET /api/admin/audit",
    needs: "sign in",
    token: true,
    file: true,
    code: null,
    audit: "audit.export",
    undo: "nothing",
  },
  "signatory.list": {
    route: "GET /admin/[campaign]/signatories",
    needs: "read names",
    code: null,
    audit: "signatory.list",
    undo: "nothing",
    names: true,
  },
  "signatory.list-many": {
    route: "GET /admin/[campaign]/signatories",
    needs: "read names",
    code: "discloses",
    audit: "signatory.list",
    undo: "nothing",
    names: true,
  },
  "signatory.view": {
    route: "GET /admin/[campaign]/signatories/[id]",
    needs: "read names",
    code: null,
    audit: "signatory.view",
    undo: "nothing",
    names: true,
  },
  "review.list": {
    route: "GET /admin/[campaign]/review",
    needs: "read names",
    code: null,
    audit: "review.list",
    undo: "nothing",
    names: true,
  },
  "exports.view": {
    route: "GET /admin/[campaign]/exports",
    needs: "export",
    code: null,
    audit: null,
    undo: "nothing",
  },
  "export.list": {
    route: "GET /api/admin/petitions/[slug]/exports",
    needs: "export",
    token: true,
    code: null,
    audit: null,
    undo: "nothing",
  },
  "export.file": {
    route: "GET /api/admin/petitions/[slug]/export",
    needs: "export",
    token: true,
    file: true,
    code: "discloses",
    audit: "export.started",
    undo: "nothing",
  },
  "export.packet": {
    route: "GET /api/admin/petitions/[slug]/packet",
    needs: "export",
    token: true,
    file: true,
    code: "discloses",
    audit: "export.packet",
    undo: "nothing",
  },
  "invalidation.view": {
    route: "GET /admin/[campaign]/invalidations",
    needs: "run",
    code: null,
    audit: null,
    undo: "nothing",
  },
  "paper.view": {
    route: "GET /admin/[campaign]/paper",
    needs: "run",
    code: null,
    audit: null,
    undo: "nothing",
  },
  "limits.view": {
    route: "GET /admin/[campaign]/limits",
    needs: "run",
    code: null,
    audit: null,
    undo: "nothing",
  },
  "access.view": {
    route: "GET /admin/settings/team",
    needs: "manage access",
    code: null,
    audit: null,
    undo: "nothing",
  },
  "version.view": {
    route: "GET /admin/[campaign]/versions",
    needs: "read drafts",
    code: null,
    audit: null,
    undo: "nothing",
  },
  "version.compare": {
    route: "GET /admin/[campaign]/versions/[number]",
    needs: "read drafts",
    code: null,
    audit: null,
    undo: "nothing",
  },
  "news.view": {
    route: "GET /admin/[campaign]/news",
    needs: "write",
    code: null,
    audit: null,
    undo: "nothing",
  },
  "picture.list": {
    route: "GET /admin/[campaign]/pictures",
    needs: "read drafts",
    code: null,
    audit: null,
    undo: "nothing",
  },
  "campaign.view": {
    route: "GET /admin/[campaign]/settings",
    needs: "run",
    code: null,
    audit: null,
    undo: "nothing",
  },

  // Own session and account.
  "session.sign-out": {
    route: "POST /admin/sign-out",
    needs: "sign in",
    code: null,
    audit: "session.end",
    undo: "nothing",
  },
  "session.code": {
    route: "POST /admin",
    form: "code",
    needs: "sign in",
    code: "own",
    audit: "session.prove",
    undo: "nothing",
  },
  "session.view": {
    route: "GET /api/admin/session",
    needs: "sign in",
    code: null,
    audit: null,
    undo: "nothing",
  },
  "session.discard-draft": {
    route: "POST /admin",
    form: "discard-draft",
    needs: "sign in",
    code: null,
    audit: null,
    undo: "nothing",
  },
  "account.password": {
    route: "POST /admin/settings/account",
    form: "password",
    needs: "sign in",
    code: "own",
    audit: "account.password",
    undo: "any-time",
  },
  "account.time-zone": {
    route: "POST /admin/settings/account",
    form: "time-zone",
    needs: "sign in",
    code: null,
    audit: "account.time-zone",
    undo: "any-time",
  },
  "account.end-session": {
    route: "POST /admin/settings/account",
    form: "end-session",
    needs: "sign in",
    code: "access",
    audit: "session.end",
    undo: "nothing",
  },
  "account.end-others": {
    route: "POST /admin/settings/account",
    form: "end-others",
    needs: "sign in",
    code: "access",
    audit: "session.end",
    undo: "nothing",
  },

  // Signatories.
  "signatory.search": {
    route: "POST /admin/[campaign]/signatories",
    needs: "read names",
    code: null,
    audit: "signatory.search",
    undo: "nothing",
    names: true,
  },
  "signatory.resend": {
    route: "POST /admin/[campaign]/signatories/[id]",
    form: "resend",
    needs: "run",
    code: "final",
    audit: "signatory.resend",
    undo: "never",
  },
  "signatory.invalid": {
    route: "POST /admin/[campaign]/signatories/[id]",
    form: "invalid",
    needs: "run",
    code: "counts",
    audit: "signatory.invalid",
    undo: "any-time",
  },
  "signatory.restore": {
    route: "POST /admin/[campaign]/signatories/[id]",
    form: "restore",
    needs: "run",
    code: "counts",
    audit: "signatory.restore",
    undo: "any-time",
  },
  "signatory.withdraw": {
    route: "POST /admin/[campaign]/signatories/[id]",
    form: "withdraw",
    needs: "run",
    code: "final",
    audit: "signatory.withdraw",
    undo: "never",
    asks: () => ({
      title: "Withdraw 1 signature?",
      text: "The signature and everything that belongs to it are permanently deleted at once. The public count goes down. The person is not told, and can sign again.",
      button: "Withdraw it",
    }),
    receipt: WITHDRAWN,
  },
  "signatory.erase": {
    route: "POST /admin/[campaign]/signatories/[id]",
    form: "erase",
    needs: "run",
    code: "final",
    audit: "signatory.erase",
    undo: "never",
    asks: () => ({
      title: "Erase 1 signature?",
      text: "The signature and everything that belongs to it are permanently deleted at once. The public count goes down. We never send mail to this address again.",
      button: "Erase it",
    }),
    receipt: () => ({
      title: "The signature is erased",
      text: "It no longer counts, none of it is kept, and we never send mail to its address again.",
    }),
  },
  "bulk.invalid": {
    route: "POST /admin/[campaign]/signatories",
    form: "invalid",
    needs: "run",
    code: "counts",
    audit: "signatory.invalid",
    undo: "any-time",
    receipt: (detail) => ({
      title: `${signatures(detail.signatures)} marked invalid`,
      text: `They are kept but no longer count. For ${UNDO_MINUTES} minutes you can restore all of them at once, here or on the Signatories page. After that you can restore them one by one.`,
      ...undoOfJob(detail),
    }),
  },
  "bulk.withdraw": {
    route: "POST /admin/[campaign]/signatories",
    form: "withdraw",
    needs: "run",
    code: "final",
    audit: "signatory.withdraw",
    undo: "hour",
    asks: (howMany) => ({
      title: `Withdraw ${signatures(howMany)}?`,
      text: `They stop counting at once. After ${UNDO_MINUTES} minutes they are permanently deleted, with everything that belongs to them. Until then you can restore all of them.`,
      button: "Withdraw them",
    }),
    receipt: WITHDRAWN,
  },
  "bulk.resend": {
    route: "POST /admin/[campaign]/signatories",
    form: "resend",
    needs: "run",
    code: "final",
    audit: "signatory.resend",
    undo: "never",
    asks: (howMany) => ({
      title: `Send the mail again for ${signatures(howMany)}?`,
      text: "Nobody gets more than one mail an hour. A mail that has been sent cannot be recalled.",
      button: "Send the mail",
    }),
  },
  "bulk.undo": {
    route: "POST /admin/[campaign]/signatories",
    form: "undo",
    needs: "run",
    code: "counts",
    audit: "signatory.restore",
    undo: "any-time",
  },

  "signatory.lift": {
    route: "POST /admin/[campaign]/signatories/[id]",
    form: "lift",
    needs: "run",
    code: "final",
    audit: "suppression.lift",
    undo: "never",
  },
  "suppression.lift": {
    route: "POST /admin/[campaign]/signatories",
    form: "lift",
    needs: "run mail",
    code: "final",
    audit: "suppression.lift",
    undo: "never",
  },

  // Review queue, and moderation by rule.
  "review.genuine": {
    route: "POST /admin/[campaign]/review",
    needs: "run",
    code: "counts",
    audit: "review.genuine",
    undo: "nothing",
  },
  "review.release": {
    route: "POST /admin/[campaign]/review",
    form: "release",
    needs: "run",
    code: "counts",
    audit: "review.release",
    undo: "any-time",
  },
  "review.discard": {
    route: "POST /admin/[campaign]/review",
    form: "discard",
    needs: "run",
    code: "counts",
    audit: "review.discard",
    undo: "any-time",
  },
  "invalidation.preview": {
    route: "POST /admin/[campaign]/invalidations",
    form: "preview",
    needs: "run",
    code: null,
    audit: "invalidation.preview",
    undo: "nothing",
    names: true,
  },
  "invalidation.start": {
    route: "POST /admin/[campaign]/invalidations",
    form: "start",
    needs: "run",
    code: "discloses",
    audit: "invalidation.start",
    undo: "any-time",
    names: true,
  },
  "invalidation.cancel": {
    route: "POST /admin/[campaign]/invalidations",
    form: "cancel",
    needs: "run",
    code: "discloses",
    audit: "invalidation.cancel",
    undo: "any-time",
  },
  "invalidation.undo": {
    route: "POST /admin/[campaign]/invalidations",
    form: "undo",
    needs: "run",
    code: "discloses",
    audit: "invalidation.undo",
    undo: "any-time",
  },

  // Paper. The draft's own page says what an import will do, and to how many.
  "paper.draft": {
    route: "POST /admin/[campaign]/paper",
    needs: "run",
    code: null,
    audit: "paper.draft",
    undo: "nothing",
    names: true,
  },
  "paper.import": {
    route: "POST /admin/[campaign]/paper",
    form: "import",
    needs: "run",
    code: "final",
    audit: "paper.import",
    undo: "hour",
    receipt: (detail) => ({
      title: `${signatures(detail.signatures)} imported`,
      text: `They count as confirmed. For ${UNDO_MINUTES} minutes you can undo the import here.`,
      undo: { action: "paper.undo", fields: { import: String(detail.import) } },
    }),
  },
  "paper.undo": {
    route: "POST /admin/[campaign]/paper",
    form: "undo",
    needs: "run",
    code: "final",
    audit: "paper.undo",
    undo: "never",
    asks: (howMany) => ({
      title: `Undo the import of ${signatures(howMany)}?`,
      text: "They stop counting and are permanently deleted at once. You can import the file again.",
      button: "Undo the import",
    }),
    receipt: (detail) => ({
      title: `The import of ${signatures(detail.signatures)} has been undone`,
      text: "They have been deleted. You can import the file again.",
    }),
  },

  // Campaigns, and the versions of their text.
  "campaign.create": {
    route: "POST /admin",
    form: "create",
    needs: "create",
    code: null,
    audit: "campaign.create",
    undo: "any-time",
  },
  "version.submit": {
    route: "POST /admin/[campaign]/versions",
    form: "submit",
    needs: "write",
    code: null,
    audit: "campaign.submit",
    undo: "any-time",
  },
  "version.return": {
    route: "POST /admin/[campaign]/versions",
    form: "return",
    needs: "publish",
    code: null,
    audit: "campaign.return",
    undo: "any-time",
  },
  "version.schedule": {
    route: "POST /admin/[campaign]/versions",
    form: "schedule",
    needs: "publish",
    code: "public",
    audit: "campaign.schedule",
    undo: "any-time",
    asks: (languages) => ({
      title: "Publish it later?",
      text: `At the time that you set, the new text is visible in ${counted(languages, "language")} by itself, and people sign it from then on. If somebody changes the draft before, it is not published.`,
      button: "Publish it then",
    }),
  },
  "version.publish": {
    route: "POST /admin/[campaign]/versions",
    form: "publish",
    needs: "publish",
    code: "public",
    audit: "campaign.publish",
    undo: "any-time",
    asks: (languages) => ({
      title: "Publish the draft?",
      text: `The new text is visible at once in ${counted(languages, "language")}, on every page, picture and feed, and people sign it from now on. You can publish an earlier version again.`,
      button: "Publish it",
    }),
  },
  "version.take-back": {
    route: "POST /admin/[campaign]/versions",
    form: "take-back",
    needs: "publish",
    code: "public",
    audit: "campaign.take-back",
    undo: "any-time",
    asks: (languages) => ({
      title: "Publish this version again?",
      text: `Its text is visible at once in ${counted(languages, "language")}, in the place of the one that is published now. It becomes a new version. A draft stays as it is.`,
      button: "Publish it again",
    }),
  },
  "version.discard": {
    route: "POST /admin/[campaign]/versions",
    form: "discard",
    needs: "write",
    code: "final",
    audit: "campaign.discard",
    undo: "never",
    asks: () => ({
      title: "Discard the draft?",
      text: "All that was written since the last publication is permanently deleted, by whomever it was written.",
      button: "Discard it",
    }),
  },
  "campaign.four-eyes": {
    route: "POST /admin/[campaign]/settings",
    form: "four-eyes",
    needs: "run",
    code: "access",
    audit: "campaign.four-eyes",
    undo: "any-time",
  },
  "campaign.hand-over": {
    route: "POST /admin/[campaign]/settings",
    form: "hand-over",
    needs: "close",
    code: "final",
    audit: "campaign.handed-over",
    undo: "any-time",
    asks: () => ({
      title: "Note that it was handed over?",
      text: "From now on the time runs until names and addresses are deleted.",
      button: "Note it",
    }),
  },
  "campaign.archive": {
    route: "POST /admin/[campaign]/settings",
    form: "archive",
    needs: "close",
    code: "public",
    audit: "campaign.archive",
    undo: "any-time",
  },
  "campaign.unarchive": {
    route: "POST /admin/[campaign]/settings",
    form: "unarchive",
    needs: "close",
    code: "public",
    audit: "campaign.unarchive",
    undo: "any-time",
  },

  // The campaign.
  "campaign.close": {
    route: "POST /admin/[campaign]/settings",
    form: "close",
    needs: "close",
    code: "public",
    audit: "campaign.close",
    undo: "any-time",
    asks: (howMany) => ({
      title: "Close the campaign?",
      text: `The campaign stops accepting signatures, and its pages and pictures say so at once. ${signatures(howMany)} not yet confirmed can still be confirmed within ${CONFIRMATION_DAYS} days of signing.`,
      button: "Close the campaign",
    }),
    receipt: () => ({
      title: "The campaign is closed",
      text: "It no longer accepts signatures. You can open it again in the campaign settings.",
    }),
  },
  "campaign.reopen": {
    route: "POST /admin/[campaign]/settings",
    form: "reopen",
    needs: "close",
    code: "public",
    audit: "campaign.reopen",
    undo: "any-time",
  },
  "campaign.goals": {
    route: "POST /admin/[campaign]/settings",
    form: "goals",
    needs: "run",
    code: "public",
    audit: "campaign.goals",
    undo: "any-time",
  },
  "campaign.origins": {
    route: "POST /admin/[campaign]/settings",
    form: "origins",
    needs: "run",
    code: "public",
    audit: "campaign.origins",
    undo: "any-time",
  },
  "campaign.texts": {
    route: "POST /admin/[campaign]/settings",
    form: "texts",
    needs: "run",
    code: "public",
    audit: "campaign.texts",
    undo: "any-time",
  },
  "campaign.news": {
    route: "POST /admin/[campaign]/news",
    form: "news",
    needs: "write",
    code: "public",
    audit: "campaign.news",
    undo: "any-time",
  },
  "campaign.news.correct": {
    route: "POST /admin/[campaign]/news",
    form: "correct-news",
    needs: "write",
    code: "public",
    audit: "campaign.news.correct",
    undo: "any-time",
  },
  "campaign.news.remove": {
    route: "POST /admin/[campaign]/news",
    form: "remove-news",
    needs: "write",
    code: "public",
    audit: "campaign.news.remove",
    undo: "never",
    asks: () => ({
      title: "Delete 1 piece of news?",
      text: "It is permanently deleted, and disappears at once from the news page and the feed.",
      button: "Delete it",
    }),
    receipt: () => ({
      title: "The news is deleted",
      text: "It is gone from the news page and the feed.",
    }),
  },

  // Pictures.
  "picture.add": {
    route: "POST /admin/[campaign]/pictures",
    form: "add",
    needs: "write",
    code: "public",
    audit: "picture.add",
    undo: "any-time",
  },
  "picture.remove": {
    route: "POST /admin/[campaign]/pictures",
    form: "remove",
    needs: "write",
    code: "public",
    audit: "picture.remove",
    undo: "never",
    asks: () => ({
      title: "Remove 1 picture?",
      text: "It is permanently deleted here. Copies that browsers and caches have made of it are not. No page shows it now.",
      button: "Remove it",
    }),
  },

  // Texts of a campaign. A draft has one entry for each person who changes it: editors save every few seconds.
  "text.view": {
    route: "GET /admin/[campaign]/text",
    needs: "write",
    code: null,
    audit: null,
    undo: "nothing",
  },
  "text.preview": {
    route: "GET /admin/[campaign]/preview/[locale]",
    needs: "read drafts",
    code: null,
    audit: null,
    undo: "nothing",
  },
  "text.save": {
    route: "POST /admin/[campaign]/text",
    form: "save",
    needs: "write",
    code: null,
    audit: "campaign.edit",
    undo: "any-time",
  },
  "text.autosave": {
    route: "POST /api/admin/petitions/[slug]/draft",
    needs: "write",
    code: null,
    audit: "campaign.edit",
    undo: "any-time",
  },
  "settings.save": {
    route: "POST /admin/[campaign]/text",
    form: "save-settings",
    needs: "write",
    code: null,
    audit: "campaign.edit",
    undo: "any-time",
    asks: (howMany) => ({
      title: howMany === 1 ? "Take 1 language out?" : `Take ${howMany} languages out?`,
      text: "Its text is deleted from the draft. What is published stays as it is until the draft is published.",
      button: "Take it out",
    }),
  },
  "source.add": {
    route: "POST /admin/[campaign]/text",
    form: "add-source",
    needs: "write",
    code: null,
    audit: "campaign.edit",
    undo: "any-time",
  },
  "source.change": {
    route: "POST /admin/[campaign]/text",
    form: "change-source",
    needs: "write",
    code: null,
    audit: "campaign.edit",
    undo: "any-time",
  },
  "source.remove": {
    route: "POST /admin/[campaign]/text",
    form: "remove-source",
    needs: "write",
    code: null,
    audit: "campaign.edit",
    undo: "any-time",
  },

  // Translations.
  "translation.view": {
    route: "GET /admin/[campaign]/translations",
    needs: "read drafts",
    code: null,
    audit: null,
    undo: "nothing",
  },
  "translation.add-language": {
    route: "POST /admin/[campaign]/translations",
    form: "add-language",
    needs: "write",
    code: null,
    audit: "translation.add-language",
    undo: "any-time",
  },
  "translation.live": {
    route: "POST /admin/[campaign]/translations",
    form: "live",
    needs: "write",
    code: null,
    audit: "translation.live",
    undo: "any-time",
  },
  "translation.open": {
    route: "GET /admin/[campaign]/translations/[locale]",
    needs: "read drafts",
    code: null,
    audit: null,
    undo: "nothing",
  },
  "translation.save": {
    route: "POST /admin/[campaign]/translations/[locale]",
    form: "save",
    needs: "translate",
    code: null,
    audit: "translation.save",
    undo: "any-time",
  },
  "translation.review": {
    route: "POST /admin/[campaign]/translations/[locale]",
    form: "review",
    needs: "review",
    code: null,
    audit: "translation.review",
    undo: "any-time",
  },
  "translation.import": {
    route: "POST /admin/[campaign]/translations/[locale]",
    form: "import",
    needs: "translate",
    code: null,
    audit: "translation.import",
    undo: "any-time",
  },
  "translation.export": {
    route: "GET /api/admin/petitions/[slug]/translations/[locale]",
    needs: "read drafts",
    file: true,
    code: null,
    audit: null,
    undo: "nothing",
  },
  "translation.link": {
    route: "POST /admin/[campaign]/translations/[locale]",
    form: "link",
    needs: "write",
    code: "access",
    audit: "translation.link",
    undo: "any-time",
  },
  // Shutting somebody out must be quick, and lets nobody in.
  "translation.revoke-link": {
    route: "POST /admin/[campaign]/translations/[locale]",
    form: "revoke-link",
    needs: "write",
    code: null,
    audit: "translation.revoke-link",
    undo: "nothing",
  },

  // Limits and lists.
  "limits.set": {
    route: "POST /admin/[campaign]/limits",
    form: "set",
    needs: "run",
    code: "counts",
    audit: "limits.set",
    undo: "any-time",
  },
  "limits.list": {
    route: "POST /admin/[campaign]/limits",
    form: "add",
    needs: "run",
    code: "counts",
    audit: "limits.list",
    undo: "any-time",
  },
  "limits.unlist": {
    route: "POST /admin/[campaign]/limits",
    form: "remove",
    needs: "run",
    code: "counts",
    audit: "limits.unlist",
    undo: "any-time",
  },

  // Access.
  "access.add": {
    route: "POST /admin/settings/team",
    form: "add",
    needs: "manage access",
    code: "access",
    audit: "account.add",
    undo: "any-time",
  },
  "access.reset": {
    route: "POST /admin/settings/team",
    form: "reset",
    needs: "manage access",
    code: "access",
    audit: "account.reset",
    undo: "nothing",
  },
  "access.role": {
    route: "POST /admin/settings/team",
    form: "role",
    needs: "manage access",
    code: "access",
    audit: "account.role",
    undo: "any-time",
    asks: () => ({
      title: "Give 1 person this role?",
      text: "It holds at once, in that campaign only, in place of the role that they have there.",
      button: "Give the role",
    }),
  },
  "access.remove-role": {
    route: "POST /admin/settings/team",
    form: "remove-role",
    needs: "manage access",
    code: "access",
    audit: "account.remove-role",
    undo: "any-time",
    asks: () => ({
      title: "Take this role from 1 person?",
      text: "They lose it at once, also in pages that they have open. What they may do everywhere stays.",
      button: "Take it away",
    }),
  },
  "access.remove": {
    route: "POST /admin/settings/team",
    form: "remove",
    needs: "manage access",
    code: "access",
    audit: "account.remove",
    undo: "any-time",
    asks: () => ({
      title: "Remove 1 person?",
      text: "All their sessions end at once, the API tokens they made are revoked, and their password, authenticator and recovery codes are deleted. You can invite them again.",
      button: "Remove",
    }),
  },
  "access.add-token": {
    route: "POST /admin/settings/team",
    form: "add-token",
    needs: "manage access",
    code: "access",
    audit: "token.add",
    undo: "any-time",
  },
  // Shutting somebody out must be quick, and lets nobody in.
  "access.end-session": {
    route: "POST /admin/settings/team",
    form: "end-session",
    needs: "manage access",
    code: null,
    audit: "session.end",
    undo: "nothing",
  },
  "access.revoke-token": {
    route: "POST /admin/settings/team",
    form: "revoke-token",
    needs: "manage access",
    code: null,
    audit: "token.revoke",
    undo: "nothing",
  },

  // Mail.
  "mail.retry": {
    route: "POST /admin/[campaign]",
    form: "retry",
    needs: "run mail",
    code: "final",
    audit: "mail.retry",
    undo: "never",
  },
  "mail.decide": {
    route: "POST /admin/[campaign]",
    form: "decide",
    needs: "run mail",
    code: "final",
    audit: "mail.decide",
    undo: "never",
  },
  "mail.resume": {
    route: "POST /admin/[campaign]",
    form: "resume",
    needs: "run mail",
    code: "final",
    audit: "mail.resume",
    undo: "never",
    asks: (howMany) => ({
      title: `Send ${counted(howMany, "mail")}?`,
      text: "They go from this copy of the site to people who signed. The site that the backup was taken from may have sent some of them already. A mail that has been sent cannot be recalled.",
      button: "Send them",
    }),
  },

  // Exports. Asking for a file leads to it; the file itself is audited.
  "export.choose": {
    route: "POST /admin/[campaign]/exports",
    form: "export",
    needs: "export",
    code: "discloses",
    audit: null,
    undo: "nothing",
  },
  "export.choose-packet": {
    route: "POST /admin/[campaign]/exports",
    form: "packet",
    needs: "export",
    code: "discloses",
    audit: null,
    undo: "nothing",
  },
  "export.save-choices": {
    route: "POST /admin/[campaign]/exports",
    form: "save",
    needs: "export",
    code: "discloses",
    audit: "export-settings.save",
    undo: "any-time",
  },
  "export.delete-choices": {
    route: "POST /admin/[campaign]/exports",
    form: "delete",
    needs: "export",
    code: "final",
    audit: "export-settings.delete",
    undo: "never",
  },

  // Audit log.
  "audit.check": {
    route: "POST /admin/settings/audit",
    needs: "read log",
    code: null,
    audit: "audit.check",
    undo: "nothing",
  },
} as const satisfies Record<string, DeskAction>;

export type ActionName = keyof typeof ACTIONS;

/** Returns an action's declaration. */
export function actionOf(name: ActionName): DeskAction {
  return ACTIONS[name];
}

/** Whether an action concerns the campaign in its address. */
export function isOfCampaign(name: ActionName): boolean {
  return /\/\[(?:campaign|slug)\]/.test(actionOf(name).route);
}

const AFTER_PUBLISHING =
  /^\w+ \/(?:admin\/\[campaign\]\/(?:sharing|signatories|review|invalidations|paper|exports|news)(?:\/|$)|api\/admin\/petitions\/\[slug\]\/(?:figures|sharing|exports?|packet)$)/;

/** Whether an action concerns what a campaign has only once it is published: signatures, links, news. */
export function needsPublishing(name: ActionName): boolean {
  return AFTER_PUBLISHING.test(actionOf(name).route);
}

/** Returns the receipt for an entry of the audit log; null if its action gives none. */
export function receiptOf({ action, detail }: { action: string; detail: string }): Receipt | null {
  const declared: DeskAction[] = Object.values(ACTIONS);
  const receipt = declared.find((each) => each.audit === action && each.receipt)?.receipt;
  return receipt ? receipt(JSON.parse(detail) as Detail) : null;
}

const openToTokens = new RegExp(
  `^(?:${Object.values<DeskAction>(ACTIONS)
    .filter(({ token }) => token)
    .map(({ route }) => route.replace("GET ", "").replaceAll(/\[\w+\]/g, "[^/]+"))
    .join("|")})$`,
);

/** Whether an API token may request a path. */
export function isOpenToTokens(path: string): boolean {
  return openToTokens.test(path);
}
