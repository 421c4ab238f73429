import type { BackupAlarm as Trouble } from "@/lib/observability";

/** Says that backups are failing or overdue and what to do; renders nothing if all is well. */
export function BackupAlarm({ alarm }: { alarm: Trouble | null }) {
  if (alarm === null) return null;
  return (
    <section className="alert" aria-labelledby="backup-alarm">
      <h2 id="backup-alarm">{title(alarm)}</h2>
      <p>
        If the database is lost now, the signatures since the last backup are lost with it. Ask the site's
        operator to run <code>npm run backup</code>, and to check its timer and the free space on its disk.
      </p>
    </section>
  );
}

function title(alarm: Trouble): string {
  switch (alarm.kind) {
    case "failed":
      return `The last backup failed (${alarm.failure})`;
    case "old":
      return `The last backup is ${Math.floor(alarm.ageSeconds / 3_600)} hours old`;
    case "never":
      return "There is no backup yet";
  }
}
