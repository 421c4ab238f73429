import { counted } from "@/components/admin/counted";
import { Moment } from "@/components/admin/kit/Moment";
import type { Alarm } from "@/lib/abuse";

/**
 * Lists networks and mail domains with many more signatures than usual; renders nothing if there are none.
 */
export function Alarms({ alarms }: { alarms: readonly Alarm[] }) {
  if (alarms.length === 0) return null;
  return (
    <section className="alert" aria-labelledby="alarms">
      <h2 id="alarms">Far more people than usual sign from one place</h2>
      <ul>
        {alarms.map(({ kind, domain, signatures, usual, lastAt }, place) => (
          <li key={place}>
            {kind === "network" ? "One network" : <bdi>{domain ?? "One mail domain"}</bdi>}:{" "}
            {counted(signatures, "signature")} in an hour, where {usual.toFixed(1)} are usual; last at{" "}
            <Moment at={lastAt} />
          </li>
        ))}
      </ul>
    </section>
  );
}
