/** A select for one country, or any. */
export function CountryChoice({
  value,
  countries,
}: {
  value: string | undefined;
  countries: readonly { code: string; name: string }[];
}) {
  return (
    <p>
      <label htmlFor="country">Country</label>
      <select id="country" name="country" defaultValue={value}>
        <option value="">any</option>
        {countries.map(({ code, name }) => (
          <option key={code} value={code}>
            {name}
          </option>
        ))}
      </select>
    </p>
  );
}
