import { Moment } from "@/components/admin/kit/Moment";
import type { LastExport } from "@/lib/desk";

const ACTIONS: Record<string, string> = {
  "export.started": "an export",
  "export.packet": "the PDF for handing over",
};

/** Who exported what, newest first. */
export function LastExports({ exports }: { exports: readonly LastExport[] }) {
  return (
    <>
      <h2>Last exports</h2>
      {exports.length === 0 ? <p>There have been none yet.</p> : null}
      <ul>
        {exports.map(({ at, who, action, choices }) => (
          <li key={`${at.getTime()} ${who} ${action}`}>
            <Moment at={at} />: {who} made {ACTIONS[action] ?? action}
            {choices.map(({ name, value }) => `, ${name}: ${value}`)}
          </li>
        ))}
      </ul>
    </>
  );
}
