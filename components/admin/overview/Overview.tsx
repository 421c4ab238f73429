import { Alarms } from "@/components/admin/Alarms";
import { BackupAlarm } from "@/components/admin/BackupAlarm";
import { Moment } from "@/components/admin/kit/Moment";
import { MailAlarm } from "@/components/admin/MailAlarm";
import { LastExports } from "@/components/admin/overview/LastExports";
import { Mail } from "@/components/admin/overview/Mail";
import type { MailActions } from "@/components/admin/overview/mail-actions";
import { OverTime } from "@/components/admin/overview/OverTime";
import { SecurityAlarms } from "@/components/admin/overview/SecurityAlarms";
import { Shares } from "@/components/admin/overview/Shares";
import { Tiles } from "@/components/admin/overview/Tiles";
import { count, percent } from "@/components/admin/overview/words";
import type { ExactOverview } from "@/lib/desk";

type OverviewProps = {
  figures: ExactOverview;
  /** Null for those who may not decide about mail. */
  mail: MailActions | null;
};

/** All figures of a campaign, without names. */
export function Overview({ figures, mail }: OverviewProps) {
  const { signed, confirmed, invalid, paper, elsewhere, goal, asOf, site } = figures;
  return (
    <>
      <p>
        As of <Moment at={asOf} format="second" />
      </p>
      <Tiles
        tiles={[
          ["confirmed", count(confirmed)],
          [`of the goal of ${count(goal)}`, percent(confirmed, goal)],
          ["signed in all", count(signed)],
          ["not confirmed", count(signed - confirmed - invalid)],
          ["marked invalid", count(invalid)],
          ["confirmation rate", percent(confirmed, signed)],
          ["signed on this site", count(signed - paper - elsewhere)],
          ["signed on other sites", count(elsewhere)],
          ["signed on paper", count(paper)],
        ]}
      />
      {site === null ? null : (
        <>
          <SecurityAlarms alarms={site.securityAlarms} />
          <MailAlarm trouble={site.mail.trouble} resume={mail?.resume ?? null} />
          <BackupAlarm alarm={site.backup} />
        </>
      )}
      <Alarms alarms={figures.alarms} />
      <OverTime hours={figures.hours} days={figures.days} />
      <div className="pair">
        <Shares title="By country" word="Country" shares={figures.countries} />
        <Shares title="By language" word="Language" shares={figures.locales} />
      </div>
      {site === null ? null : <Mail mail={site.mail} actions={mail} />}
      <LastExports exports={figures.exports} />
    </>
  );
}
