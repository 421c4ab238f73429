"use client";

import type { MailActions } from "@/components/admin/overview/mail-actions";
import { Overview } from "@/components/admin/overview/Overview";
import { PublishedOverview } from "@/components/admin/overview/PublishedOverview";
import { readFigures } from "@/components/admin/overview/read-figures";
import { useFresh } from "@/components/admin/use-fresh";
import type { OverviewFigures } from "@/lib/desk";

type LiveFiguresProps = {
  /** The figures that the server has rendered. */
  figures: OverviewFigures;
  /** Where newer figures can be fetched. */
  address: string;
  /** Null for those who may not decide about mail. */
  mail: MailActions | null;
};

/** The overview's figures, which are kept up to date. Without JavaScript they stay as the server rendered them. */
export function LiveFigures({ figures, address, mail }: LiveFiguresProps) {
  const { fresh, part } = useFresh(figures, address, readFigures);
  return (
    <div ref={part}>
      {fresh.kind === "exact" ? (
        <Overview figures={fresh} mail={mail} />
      ) : (
        <PublishedOverview figures={fresh} />
      )}
    </div>
  );
}
