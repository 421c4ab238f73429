export type AlarmShown = {
  kind: "network" | "domain";
  domain: string | null;
  signatures: number;
  usual: number;
  lastAt: Date;
};

/**
 * Lists networks and mail domains with many more signatures than usual; renders nothing if there are none.
 */
export function Alarms({ alarms }: { alarms: readonly AlarmShown[] }) {
  if (alarms.length === 0) return null;
  return (
    <section className="alert" aria-labelledby="alarms">
      <h2 id="alarms">More than usual sign from one place</h2>
      <ul>
        {alarms.map(({ kind, domain, signatures, usual, lastAt }, place) => (
          <li key={place}>
            {kind === "network" ? "One network" : <bdi>{domain ?? "One mail domain"}</bdi>}:{" "}
            {signatures.toLocaleString("en")} in an hour, where {usual.toFixed(1)} are usual; last at{" "}
            {lastAt.toISOString().slice(0, 16).replace("T", " ")} UTC
          </li>
        ))}
      </ul>
    </section>
  );
}
