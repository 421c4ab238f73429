import { SignaturesChart } from "@/components/charts/SignaturesChart";
import type { Bucket } from "@/lib/desk";

/** `signed` is missing where only confirmed signatures may be shown. */
type Shown = Omit<Bucket, "signed"> & Partial<Bucket>;

/** Signatures by hour and by day. */
export function OverTime({ hours, days }: { hours: readonly Shown[]; days: readonly Shown[] }) {
  return (
    <>
      <h2>Over time</h2>
      <div className="pair">
        <SignaturesChart title="The last two days, by hour" unit="hour" buckets={hours} />
        <SignaturesChart title="The last two months, by day" unit="day" buckets={days} />
      </div>
    </>
  );
}
