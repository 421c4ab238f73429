/** A select of the fixed reasons for marking a signature invalid. */
export function ReasonChoice({ reasons, form }: { reasons: readonly string[]; form?: string }) {
  return (
    <>
      <label htmlFor="reason">Why</label>{" "}
      <select id="reason" name="reason" {...(form === undefined ? {} : { form })}>
        {reasons.map((reason) => (
          <option key={reason} value={reason}>
            {reason}
          </option>
        ))}
      </select>
    </>
  );
}
