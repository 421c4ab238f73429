import Link from "next/link";
import { counted } from "@/components/admin/counted";
import type { DeskCampaign, Outlook, Version } from "@/lib/editing";
import { nativeNameOf } from "@/lib/i18n/locales";

type FirstStepsProps = {
  campaign: DeskCampaign;
  draft: Version | null;
  /** What publishing would do; null for a campaign without a draft. */
  outlook: Outlook | null;
};

/** The overview of a campaign that was never published: what to do until people can sign. */
export function FirstSteps({ campaign, draft, outlook }: FirstStepsProps) {
  const { slug, title, languages } = campaign;
  const desk = `/admin/${slug}`;
  const problems = outlook?.faults.length ?? 0;
  return (
    <>
      <h1>
        <bdi>{title}</bdi>
      </h1>
      <p>
        This campaign is a draft. Nobody outside the desk can see it, and nobody can sign it. These are the
        steps until it is published:
      </p>
      <ol>
        <li>
          <Link href={`${desk}/text`} prefetch={false}>
            Write the text
          </Link>
          : what you ask, of whom, why, and how to share it.
          {(draft?.revision ?? 0) > 1 ? " You have begun." : ""}
        </li>
        <li>
          <Link href={`${desk}/text`} prefetch={false}>
            Add languages
          </Link>
          {languages.length === 0 ? (
            ": it has none yet."
          ) : (
            <>
              : it has{" "}
              {languages.map((locale, at) => (
                <span key={locale}>
                  {at === 0 ? null : ", "}
                  <bdi lang={locale}>{nativeNameOf(locale)}</bdi>
                </span>
              ))}
              .
            </>
          )}
        </li>
        <li>
          <Link href={`${desk}/versions`} prefetch={false}>
            Check the problems
          </Link>
          {problems === 0
            ? ": there are none."
            : `: ${counted(problems, "problem")} left. It can be published once there are none.`}
        </li>
        <li>
          <Link href={`${desk}/versions`} prefetch={false}>
            Publish it
          </Link>
          {draft?.state === "in_review"
            ? ": it is in review."
            : draft?.state === "scheduled"
              ? ": that happens by itself at the time that was set."
              : ": at once, or at a time that you set. You can also have somebody review it first."}
        </li>
      </ol>
    </>
  );
}
