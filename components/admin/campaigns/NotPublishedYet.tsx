import Link from "next/link";
import type { DeskCampaign } from "@/lib/editing";

/** Shown in the place of pages that have something to show once people can sign. */
export function NotPublishedYet({ slug, title }: Pick<DeskCampaign, "slug" | "title">) {
  return (
    <>
      <h1>Not published yet</h1>
      <p>
        Nobody can see or sign “<bdi>{title}</bdi>” so far, so there is nothing to show here. This page fills
        once the campaign is published.
      </p>
      <ul>
        <li>
          <Link href={`/admin/${slug}/text`} prefetch={false}>
            Write the text
          </Link>
        </li>
        <li>
          <Link href={`/admin/${slug}/versions`} prefetch={false}>
            Check it and publish it
          </Link>
        </li>
        <li>
          <Link href={`/admin/${slug}`} prefetch={false}>
            See all first steps
          </Link>
        </li>
      </ul>
    </>
  );
}
