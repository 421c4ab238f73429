import { Day, Moment } from "@/components/admin/kit/Moment";

/** Shows when somebody signed. On paper people write the day only. */
export function SignedAt({
  signature: { signedAt, source },
}: {
  signature: { signedAt: Date; source: string };
}) {
  return source === "paper" ? <Day on={signedAt} /> : <Moment at={signedAt} />;
}
