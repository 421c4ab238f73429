import { Moment } from "@/components/admin/kit/Moment";

/** Says that the provider takes no mail at present; renders nothing if it does. */
export function MailPause({ until, reason = null }: { until: Date | null; reason?: string | null }) {
  if (until === null) return null;
  return (
    <p className="alert">
      The mail provider asked us to wait until <Moment at={until} />
      {reason === null ? null : ` (${reason})`}. Mail is kept, and then goes out by itself.
    </p>
  );
}
