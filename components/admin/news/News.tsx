import type { FormAction } from "@/components/admin/form-state";
import { DeskForm } from "@/components/admin/kit/DeskForm";
import { Submit } from "@/components/admin/kit/fields";
import { Moment } from "@/components/admin/kit/Moment";
import { RowForm, RowForms } from "@/components/admin/kit/RowForms";
import { LanguageChoice } from "@/components/admin/LanguageChoice";
import { Correction } from "@/components/admin/news/Correction";
import { NewsFields, type NewsLimits } from "@/components/admin/news/NewsFields";
import { TimesShown } from "@/components/admin/TimesShown";
import { type Locale, nativeNameOf } from "@/lib/i18n/locales";
import type { CampaignUpdate } from "@/lib/sharing";

type NewsProps = {
  /** The campaign's slug. */
  slug: string;
  locale: Locale;
  news: readonly CampaignUpdate[];
  limits: NewsLimits;
  actions: { publish: FormAction; correct: FormAction; remove: FormAction };
};

/** A campaign's news in one language, to publish, correct and delete. */
export function News({ slug, locale, news, limits, actions }: NewsProps) {
  return (
    <>
      <h1>News in {nativeNameOf(locale)}</h1>
      <LanguageChoice
        label="Language of the news"
        current={locale}
        address={(other) => `/admin/${slug}/news?locale=${other}`}
      />
      <p>
        News appears on <a href={`/${locale}/${slug}/updates`}>the page of news</a> and in{" "}
        <a href={`/${locale}/${slug}/updates.atom`}>the feed</a> at once. The campaign page links to the page
        of news as soon as there is some.
      </p>
      <h2>Publish news</h2>
      <DeskForm name={`news-${locale}`} action={actions.publish} hidden={{ locale }} label="Publish news">
        <NewsFields locale={locale} limits={limits} title="" text="" />
        <Submit>Publish</Submit>
      </DeskForm>
      <h2>Published news</h2>
      {news.length === 0 ? <p>There is no news in this language yet.</p> : <TimesShown />}
      <RowForms name="remove" action={actions.remove}>
        {news.map((update) => (
          <Published
            key={update.id}
            update={update}
            locale={locale}
            limits={limits}
            correct={actions.correct}
          />
        ))}
      </RowForms>
    </>
  );
}

type PublishedProps = Pick<NewsProps, "locale" | "limits"> & {
  update: CampaignUpdate;
  correct: FormAction;
};

function Published({ update, locale, limits, correct }: PublishedProps) {
  const { id, title, text, publishedAt, changedAt } = update;
  return (
    <article aria-labelledby={`news-${id}`}>
      <h3 id={`news-${id}`}>
        <bdi lang={locale}>{title}</bdi>
      </h3>
      <p>
        Published on <Moment at={publishedAt} format="day" />
        {changedAt === null ? null : (
          <>
            , corrected on <Moment at={changedAt} format="day" />
          </>
        )}
      </p>
      <DeskForm
        name={`correct-${id}`}
        action={correct}
        hidden={{ id }}
        original={{ title, text }}
        label={`Correct “${title}”`}
      >
        <Correction>
          <NewsFields locale={locale} limits={limits} title={title} text={text} />
          <Submit>Save the correction</Submit>
        </Correction>
      </DeskForm>
      <RowForm hidden={{ id }}>
        <Submit className="quiet">Delete</Submit>
      </RowForm>
    </article>
  );
}
