"use client";

import { Moment } from "@/components/admin/kit/Moment";
import { readRuns } from "@/components/admin/read-runs";
import { useFresh } from "@/components/admin/use-fresh";
import { Wide } from "@/components/admin/Wide";
import type { ExportRun } from "@/lib/export";

/** How often the list is refreshed, in seconds: somebody is watching a file grow. */
const REFRESH_SECONDS = 2;

const STATES: Record<ExportRun["state"], string> = {
  running: "running",
  finished: "finished",
  aborted: "cancelled while downloading",
  failed: "failed",
};
const COLUMNS = ["Started", "Who", "File", "State", "Rows", "Of", "Reason", "SHA-256"];

type ExportRunsProps = {
  /** The exports that the server has rendered. */
  runs: readonly ExportRun[];
  /** Where the newer ones can be fetched. */
  address: string;
};

/** The last exports and how far they are, kept up to date. Without JavaScript they stay as the server rendered them. */
export function ExportRuns({ runs, address }: ExportRunsProps) {
  const { fresh, part } = useFresh(runs, address, readRuns, REFRESH_SECONDS);
  return (
    <div ref={part}>
      <Wide label="Last exports">
        <table>
          <thead>
            <tr>
              {COLUMNS.map((name) => (
                <th key={name} scope="col">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {fresh.map((run) => (
              <tr key={run.id}>
                <td>
                  <Moment at={run.startedAt} format="second" />
                </td>
                <td>{run.actorLabel}</td>
                <td>{run.format}</td>
                <td>{STATES[run.state]}</td>
                <td className="n">{inGroups(run.rows)}</td>
                <td className="n">{run.expectedRows === null ? "–" : inGroups(run.expectedRows)}</td>
                <td>{run.reason ?? "–"}</td>
                <td>
                  <code>{run.sha256 === null ? "–" : run.sha256.slice(0, 16)}</code>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </Wide>
    </div>
  );
}

function inGroups(digits: string): string {
  return BigInt(digits).toLocaleString("en");
}
