import Link from "next/link";
import type { FormAction } from "@/components/admin/form-state";
import { DeskForm } from "@/components/admin/kit/DeskForm";
import { Submit } from "@/components/admin/kit/fields";
import { Moment } from "@/components/admin/kit/Moment";
import { TimesShown } from "@/components/admin/TimesShown";
import { type ShownDraft, WorkingDraft } from "@/components/admin/versions/WorkingDraft";
import { Wide } from "@/components/admin/Wide";
import type { DeskCampaign, Version } from "@/lib/editing";

type PublishedVersion = Version & {
  number: number;
  /** How many signed it; null where too few did to tell, or nobody. */
  signed: number | null;
};

type VersionsProps = {
  campaign: DeskCampaign;
  draft: ShownDraft | null;
  /** Newest first. */
  published: readonly PublishedVersion[];
  timeZone: string;
  may: { write: boolean; publish: boolean };
  actions: { decide: FormAction; takeBack: FormAction };
};

/** The text that is being worked on and what can be done with it, and the texts that were published. */
export function Versions({ campaign, draft, published, timeZone, may, actions }: VersionsProps) {
  const { slug, title } = campaign;
  return (
    <>
      <h1>
        Versions of “<bdi>{title}</bdi>”
      </h1>
      <TimesShown />
      <section aria-labelledby="draft">
        <h2 id="draft">Draft</h2>
        <DeskForm
          name="draft"
          action={actions.decide}
          hidden={draft === null ? {} : { revision: String(draft.revision) }}
        >
          {draft === null ? (
            <p>
              There is no draft: what is published is what was written last.{" "}
              {may.write ? (
                <Link href={`/admin/${slug}/text`} prefetch={false}>
                  Write a new text
                </Link>
              ) : null}
            </p>
          ) : (
            <WorkingDraft campaign={campaign} draft={draft} timeZone={timeZone} may={may} />
          )}
        </DeskForm>
      </section>
      <section aria-labelledby="published">
        <h2 id="published">Published</h2>
        {published.length === 0 ? (
          <p>Nothing has been published yet.</p>
        ) : (
          <PublishedVersions
            slug={slug}
            versions={published}
            takeBack={may.publish ? actions.takeBack : null}
          />
        )}
      </section>
    </>
  );
}

type PublishedVersionsProps = {
  slug: string;
  versions: readonly PublishedVersion[];
  takeBack: FormAction | null;
};

function PublishedVersions({ slug, versions, takeBack }: PublishedVersionsProps) {
  return (
    <Wide label="Published versions">
      <table>
        <thead>
          <tr>
            <th scope="col">Version</th>
            <th scope="col">Published</th>
            <th scope="col">By</th>
            <th scope="col">What has changed</th>
            <th scope="col" className="n">
              Signed by
            </th>
            <th scope="col">Text</th>
            <td />
          </tr>
        </thead>
        <tbody>
          {versions.map(({ number, state, publishedAt, publisherLabel, note, signed, ...version }) => (
            <tr key={number}>
              <th scope="row">
                {number}
                {state === "published" ? " (published now)" : null}
              </th>
              <td>
                <Moment at={publishedAt} />
              </td>
              <td>{publisherLabel}</td>
              <td className="words">
                <bdi>{note}</bdi>
                {version.callChanged ? <p>{callInWords(version.tellSigners)}</p> : null}
              </td>
              <td className="n">{signed === null ? "–" : signed.toLocaleString("en")}</td>
              <td>
                <Link href={`/admin/${slug}/versions/${number}`} prefetch={false}>
                  {number === 1 ? "The text" : "What differs"}
                </Link>
              </td>
              <td>
                {takeBack === null || state === "published" ? null : (
                  <DeskForm
                    name={`take-back-${number}`}
                    action={takeBack}
                    hidden={{ number: String(number) }}
                    className="inline"
                  >
                    <Submit className="quiet">Publish this one again</Submit>
                  </DeskForm>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Wide>
  );
}

function callInWords(tellSigners: boolean | null): string {
  const changed = "It asks for something else than what people had signed.";
  if (tellSigners === null) return changed;
  return `${changed} ${tellSigners ? "They are to be told." : "They are not told."}`;
}
