/** `signed` is missing where only confirmed signatures may be shown. */
type Bucket = { at: Date; signed?: number; confirmed: number };
type SignaturesChartProps = { title: string; unit: "hour" | "day"; buckets: readonly Bucket[] };

const WIDTH = 600;
const HEIGHT = 160;
const BASELINE = 140;

const label = (at: Date, unit: "hour" | "day") =>
  unit === "hour" ? `${at.toISOString().slice(5, 13).replace("T", " ")}:00` : at.toISOString().slice(0, 10);

/**
 * A bar chart of signatures made and confirmed by hour or day, with a table of the same figures below it.
 * Times in UTC.
 */
export function SignaturesChart({ title, unit, buckets }: SignaturesChartProps) {
  const most = Math.max(1, ...buckets.map(({ signed, confirmed }) => Math.max(signed ?? 0, confirmed)));
  const step = WIDTH / buckets.length;
  const height = (count: number) => Math.round((Math.max(count, 0) / most) * (BASELINE - 20));
  const id = `chart-${unit}`;
  const withSigned = buckets.some(({ signed }) => signed !== undefined);
  return (
    <figure>
      <figcaption id={id}>
        <b>{title}</b>
        <br />
        {withSigned ? "Grey: signed. Red: confirmed." : "Confirmed."} At most {most.toLocaleString("en")} in
        one {unit}. Here, times are in UTC.
      </figcaption>
      {/* biome-ignore lint/a11y/noSvgWithoutTitle: the caption is its title. */}
      <svg className="bars" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-labelledby={id}>
        <path className="ax" d={`M0 ${BASELINE}H${WIDTH}`} />
        {buckets.map(({ at, signed, confirmed }, index) => (
          <g key={at.getTime()}>
            {signed === undefined ? null : (
              <rect
                className="signed"
                x={(index * step + 0.1 * step).toFixed(1)}
                y={BASELINE - height(signed)}
                width={(0.38 * step).toFixed(1)}
                height={height(signed)}
              />
            )}
            <rect
              className="confirmed"
              x={(index * step + 0.5 * step).toFixed(1)}
              y={BASELINE - height(confirmed)}
              width={(0.38 * step).toFixed(1)}
              height={height(confirmed)}
            />
          </g>
        ))}
        {[0, Math.floor(buckets.length / 2), buckets.length - 1].map((index) => {
          const bucket = buckets[index];
          const anchor = index === 0 ? "start" : index === buckets.length - 1 ? "end" : "middle";
          return bucket === undefined ? null : (
            <text key={index} x={(index + 0.5) * step} y={BASELINE + 15} textAnchor={anchor}>
              {label(bucket.at, unit)}
            </text>
          );
        })}
      </svg>
      <details>
        <summary>The same as a table</summary>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reached by the keyboard. */}
        <section className="scroll" tabIndex={0} aria-label={`${title}, as a table`}>
          <table>
            <thead>
              <tr>
                <th scope="col">From</th>
                {withSigned ? (
                  <th scope="col" className="n">
                    Signed
                  </th>
                ) : null}
                <th scope="col" className="n">
                  Confirmed
                </th>
              </tr>
            </thead>
            <tbody>
              {buckets.map(({ at, signed, confirmed }) => (
                <tr key={at.getTime()}>
                  <th scope="row">{label(at, unit)}</th>
                  {signed === undefined ? null : <td className="n">{signed.toLocaleString("en")}</td>}
                  <td className="n">{confirmed.toLocaleString("en")}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      </details>
    </figure>
  );
}
