import type { ReactNode } from "react";
import { AdminDocument, type SignedIn } from "@/components/admin/AdminDocument";
import { day } from "@/components/admin/moment";
import { formatNumber } from "@/lib/i18n/format";
import { directionOf, LOCALES, type Locale, nativeNameOf } from "@/lib/i18n/locales";
import type { Messages } from "@/lib/i18n/messages";

type ShareTextKey = keyof Messages["share"]["texts"];

/** The parts of the page; each is a separate form. */
export type CampaignPart = "status" | "goals" | "origins" | "texts" | "news";

export type CampaignSettings = {
  headline: string;
  slug: string;
  status: "open" | "closed";
  count: number;
  goal: number;
  nextGoals: readonly number[];
  milestones: { goal: number; percent: number; reachedAt: Date }[];
  /** The milestones of a goal, in per cent. */
  milestonesPercent: readonly number[];
  /** Null: any site may frame the form. */
  origins: readonly string[] | null;
  /**
   * Each channel's text: the built-in one, the custom one if there is one, and the address that follows it.
   */
  texts: { key: ShareTextKey; builtIn: string; own: string | null; limit: number; address: string }[];
  news: { id: string; title: string; text: string; publishedAt: Date; changedAt: Date | null }[];
  newsLimits: { title: number; text: number };
};

type CampaignSettingsPageProps = {
  organisation: string;
  signedIn: SignedIn;
  /** The language whose texts and news are shown. */
  locale: Locale;
  settings: CampaignSettings;
  /** What was just saved. */
  saved: CampaignPart | null;
  /** What was wrong with a form, and everything typed in it. */
  refused: { part: CampaignPart; mistakes: string[]; typed: Record<string, string> } | null;
};

const CHANNELS: Record<ShareTextKey, string> = {
  whatsapp: "WhatsApp",
  telegram: "Telegram",
  x: "X",
  bluesky: "Bluesky",
  sms: "Text message",
  email: "Email",
};

/** The campaign settings, for owners. Each part is a separate form and takes effect everywhere at once. */
export function CampaignSettingsPage(props: CampaignSettingsPageProps) {
  const { organisation, signedIn, settings } = props;
  return (
    <AdminDocument organisation={organisation} title="Campaign" signedIn={signedIn} here="/admin/campaign">
      <h1>{settings.headline}</h1>
      <p>What you save here is on every page, picture and feed at once, and in the audit log.</p>
      <Status {...props} />
      <Goals {...props} />
      <Origins {...props} />
      <nav aria-label="Language of texts and news">
        <ul>
          {LOCALES.map((language) => (
            <li key={language}>
              <a
                href={`/admin/campaign?locale=${language}#texts`}
                lang={language}
                aria-current={language === props.locale ? "true" : undefined}
              >
                {nativeNameOf(language)}
              </a>
            </li>
          ))}
        </ul>
      </nav>
      <Texts {...props} />
      <News {...props} />
    </AdminDocument>
  );
}

function Part({
  part,
  title,
  saved,
  refused,
  children,
}: Pick<CampaignSettingsPageProps, "saved" | "refused"> & {
  part: CampaignPart;
  title: string;
  children: ReactNode;
}) {
  const mistakes = refused?.part === part ? refused.mistakes : [];
  return (
    <section id={part} aria-labelledby={`${part}-title`}>
      <h2 id={`${part}-title`}>{title}</h2>
      {saved === part ? <p role="status">Saved.</p> : null}
      {mistakes.length === 0 ? null : (
        // biome-ignore lint/a11y/noAutofocus: after a refused form the reader must land on what went wrong.
        <div className="alert" id="errors" role="alert" tabIndex={-1} autoFocus>
          <p>Nothing is saved yet. Please put this right:</p>
          <ul>
            {mistakes.map((mistake) => (
              <li key={mistake}>{mistake}</li>
            ))}
          </ul>
        </div>
      )}
      {children}
    </section>
  );
}

/** Returns what was typed in a refused form, else the current value. */
function typedIn(
  { refused }: CampaignSettingsPageProps,
  part: CampaignPart,
  field: string,
  held: string,
): string {
  return refused?.part === part ? (refused.typed[field] ?? held) : held;
}

function Status(props: CampaignSettingsPageProps) {
  const closed = props.settings.status === "closed";
  return (
    <Part {...props} part="status" title="Open or closed">
      <form method="post">
        <input type="hidden" name="action" value={closed ? "reopen" : "close"} />
        <p>
          {closed
            ? "The campaign is closed: it takes no new signatures, and its pages and pictures say so."
            : "The campaign is open. Closed, it takes no new signatures; those made in time can still be confirmed within their 7 days."}
        </p>
        <button type="submit" className="quiet">
          {closed ? "Open it again" : "Close the campaign"}
        </button>
      </form>
    </Part>
  );
}

function Goals(props: CampaignSettingsPageProps) {
  const { count, goal, nextGoals, milestones, milestonesPercent } = props.settings;
  return (
    <Part {...props} part="goals" title="Goal">
      <p>
        {formatNumber(count, "en")} confirmed so far. At {milestonesPercent.join(", ")} per cent of the goal a
        milestone is noted and the preview pictures get a new address, so that shared links show them anew.
        When the goal is reached, it becomes the lowest of the next goals that lies above the count; when none
        does, it doubles.
      </p>
      <form method="post">
        <input type="hidden" name="action" value="goals" />
        <div className="field">
          <label htmlFor="goal">Goal, in signatures</label>
          <input
            id="goal"
            name="goal"
            inputMode="numeric"
            required
            defaultValue={typedIn(props, "goals", "goal", formatNumber(goal, "en"))}
          />
        </div>
        <div className="field">
          <label htmlFor="nextGoals">Next goals, one a line</label>
          <textarea
            id="nextGoals"
            name="nextGoals"
            rows={6}
            defaultValue={typedIn(
              props,
              "goals",
              "nextGoals",
              nextGoals.map((next) => formatNumber(next, "en")).join("\n"),
            )}
          />
        </div>
        <button type="submit">Save the goals</button>
      </form>
      {milestones.length === 0 ? null : (
        <details>
          <summary>Milestones so far</summary>
          <ul>
            {milestones.map(({ goal: of, percent, reachedAt }) => (
              <li key={`${of} ${percent}`}>
                {percent} per cent of {formatNumber(of, "en")}: {day(reachedAt)}
              </li>
            ))}
          </ul>
        </details>
      )}
    </Part>
  );
}

function Origins(props: CampaignSettingsPageProps) {
  const { origins } = props.settings;
  const chosen = typedIn(props, "origins", "framedBy", origins === null ? "any" : "listed");
  return (
    <Part {...props} part="origins" title="Sites that may show the form">
      <form method="post">
        <input type="hidden" name="action" value="origins" />
        <div className="tick">
          <input id="any" type="radio" name="framedBy" value="any" defaultChecked={chosen !== "listed"} />
          <label htmlFor="any">
            Any site may show the form in a frame; none may post it from a page of its own.
          </label>
        </div>
        <div className="tick">
          <input
            id="listed"
            type="radio"
            name="framedBy"
            value="listed"
            defaultChecked={chosen === "listed"}
          />
          <label htmlFor="listed">Only these sites, which may post it from their own pages, too:</label>
        </div>
        <div className="field">
          <label htmlFor="origins-list">Sites, one a line</label>
          <p className="hint" id="origins-hint">
            Each begins with https:// and has no path, like https://news.example. With none, no site may.
          </p>
          <textarea
            id="origins-list"
            name="origins"
            rows={5}
            dir="ltr"
            spellCheck={false}
            aria-describedby="origins-hint"
            defaultValue={typedIn(props, "origins", "origins", (origins ?? []).join("\n"))}
          />
        </div>
        <button type="submit">Save the sites</button>
      </form>
    </Part>
  );
}

function Texts(props: CampaignSettingsPageProps) {
  const { locale, settings } = props;
  return (
    <Part {...props} part="texts" title={`Texts to share in ${nativeNameOf(locale)}`}>
      <p>The link follows by itself. A field left empty goes back to the text that the campaign came with.</p>
      <form method="post" action={`/admin/campaign?locale=${locale}`}>
        <input type="hidden" name="action" value="texts" />
        {settings.texts.map(({ key, builtIn, own, limit, address }) => (
          <div className="field" key={key}>
            <label htmlFor={`text.${key}`}>{CHANNELS[key]}</label>
            <p className="hint" id={`text.${key}-hint`}>
              {limit} characters or fewer.{" "}
              {own === null ? "This is the text it came with." : "This is your own text."}
            </p>
            <textarea
              id={`text.${key}`}
              name={`text.${key}`}
              rows={3}
              lang={locale}
              dir={directionOf(locale)}
              aria-describedby={`text.${key}-hint`}
              defaultValue={typedIn(props, "texts", `text.${key}`, own ?? builtIn)}
            />
            <details>
              <summary>How it reads now</summary>
              <p lang={locale} dir={directionOf(locale)}>
                {own ?? builtIn} <bdi dir="ltr">{address}</bdi>
              </p>
            </details>
            {own === null ? null : (
              <button type="submit" name="reset" value={key} className="quiet">
                Back to: “<bdi lang={locale}>{builtIn}</bdi>”
              </button>
            )}
          </div>
        ))}
        <button type="submit">Save the texts</button>
      </form>
    </Part>
  );
}

function News(props: CampaignSettingsPageProps) {
  const { locale, settings, refused } = props;
  const typedFor = refused?.part === "news" ? (refused.typed.id ?? "") : null;
  return (
    <Part {...props} part="news" title={`News in ${nativeNameOf(locale)}`}>
      <p>
        On <a href={`/${locale}/${settings.slug}/updates`}>the page of news</a>, to which the campaign page
        leads as soon as there is some, and in{" "}
        <a href={`/${locale}/${settings.slug}/updates.atom`}>the feed</a>.
      </p>
      <NewsForm
        {...props}
        id=""
        title={typedFor === "" ? (refused?.typed.title ?? "") : ""}
        text={typedFor === "" ? (refused?.typed.text ?? "") : ""}
        button="Publish"
      />
      {settings.news.map(({ id, title, text, publishedAt, changedAt }) => (
        <details key={id} open={typedFor === id}>
          <summary>
            {day(publishedAt)}: <bdi lang={locale}>{title}</bdi>
            {changedAt === null ? null : ` (corrected on ${day(changedAt)})`}
          </summary>
          <NewsForm
            {...props}
            id={id}
            title={typedFor === id ? (refused?.typed.title ?? title) : title}
            text={typedFor === id ? (refused?.typed.text ?? text) : text}
            button="Save the correction"
          />
          <form method="post" action={`/admin/campaign?locale=${locale}`}>
            <input type="hidden" name="action" value="remove-news" />
            <input type="hidden" name="id" value={id} />
            <button type="submit" className="quiet">
              Take it away
            </button>
          </form>
        </details>
      ))}
    </Part>
  );
}

function NewsForm({
  locale,
  settings,
  id,
  title,
  text,
  button,
}: CampaignSettingsPageProps & { id: string; title: string; text: string; button: string }) {
  const field = (name: string) => (id === "" ? name : `${name}-${id}`);
  const { newsLimits } = settings;
  return (
    <form method="post" action={`/admin/campaign?locale=${locale}`}>
      <input type="hidden" name="action" value={id === "" ? "news" : "correct-news"} />
      <input type="hidden" name="id" value={id} />
      <div className="field">
        <label htmlFor={field("title")}>Title</label>
        <input
          id={field("title")}
          name="title"
          lang={locale}
          dir={directionOf(locale)}
          maxLength={newsLimits.title}
          required
          defaultValue={title}
        />
      </div>
      <div className="field">
        <label htmlFor={field("text")}>Text</label>
        <p className="hint" id={`${field("text")}-hint`}>
          An empty line begins a new paragraph.
        </p>
        <textarea
          id={field("text")}
          name="text"
          rows={6}
          lang={locale}
          dir={directionOf(locale)}
          maxLength={newsLimits.text}
          required
          aria-describedby={`${field("text")}-hint`}
          defaultValue={text}
        />
      </div>
      <button type="submit">{button}</button>
    </form>
  );
}
