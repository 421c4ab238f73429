import { MailAlarm } from "@/components/admin/MailAlarm";
import { LastExports } from "@/components/admin/overview/LastExports";
import { MailPause } from "@/components/admin/overview/MailPause";
import { OverTime } from "@/components/admin/overview/OverTime";
import { Shares } from "@/components/admin/overview/Shares";
import { Tiles } from "@/components/admin/overview/Tiles";
import { count, percent } from "@/components/admin/overview/words";
import type { PublishedOverview as PublishedFigures } from "@/lib/desk";

/** A campaign's published figures, for viewers. They do not reveal when one person signed or from where. */
export function PublishedOverview({ figures }: { figures: PublishedFigures }) {
  const { confirmed, goal } = figures;
  return (
    <>
      <p>
        These are the published figures. They move in steps of several signatures, so that nobody can tell
        when one person signed. Exporters and owners see exact ones.
      </p>
      <Tiles
        tiles={[
          ["confirmed", count(confirmed)],
          [`of the goal of ${count(goal)}`, percent(confirmed, goal)],
        ]}
      />
      <MailAlarm trouble={figures.trouble} resume={null} />
      <OverTime hours={figures.hours} days={figures.days} />
      <Shares title="By country" word="Country" shares={figures.countries} />
      <MailPause until={figures.pausedUntil} />
      <LastExports exports={figures.exports} />
    </>
  );
}
