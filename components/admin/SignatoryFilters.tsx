import Link from "next/link";
import { Choice, TextField } from "@/components/admin/kit/fields";

export type FilterFields = Record<
  "state" | "country" | "locale" | "updates" | "source" | "from" | "to" | "show" | "group",
  string
>;

type SignatoryFiltersProps = {
  /** Address of the campaign's desk. */
  desk: string;
  filter: FilterFields;
  countries: readonly { code: string; name: string }[];
  locales: readonly string[];
  /** Most signatories that one page can show. */
  atOnce: number;
};

const ANY = { value: "", label: "any" };

/** The filters of the list of signatories. They hold nothing personal, so they are in the page's address. */
export function SignatoryFilters({ desk, filter, countries, locales, atOnce }: SignatoryFiltersProps) {
  return (
    <form method="get" action={`${desk}/signatories`} className="filters" aria-label="Filters">
      {filter.group === "" ? null : (
        <p>
          <input type="hidden" name="group" value={filter.group} />
          One group of the{" "}
          <Link href={`${desk}/review`} prefetch={false}>
            likely fakes
          </Link>
        </p>
      )}
      <Choice
        name="state"
        label="Status"
        initial={filter.state}
        options={[ANY, ...["pending", "confirmed", "invalid"].map(asOption)]}
      />
      <Choice
        name="country"
        label="Country"
        initial={filter.country}
        options={[ANY, ...countries.map(({ code, name }) => ({ value: code, label: name }))]}
      />
      <Choice
        name="locale"
        label="Language"
        initial={filter.locale}
        options={[ANY, ...locales.map(asOption)]}
      />
      <Choice
        name="updates"
        label="Wants updates"
        initial={filter.updates}
        options={[ANY, asOption("yes")]}
      />
      <Choice
        name="source"
        label="Signed on"
        initial={filter.source}
        options={[ANY, ...["web", "paper"].map(asOption)]}
      />
      <Choice
        name="show"
        label="Show"
        initial={filter.show}
        options={[
          { value: "", label: "one page" },
          { value: String(atOnce), label: `up to ${atOnce}, all chosen` },
        ]}
      />
      <TextField name="from" label="Signed from (UTC)" type="date" initial={filter.from} />
      <TextField name="to" label="Signed before (UTC)" type="date" initial={filter.to} />
      <button type="submit">Filter</button>
    </form>
  );
}

function asOption(value: string): { value: string; label: string } {
  return { value, label: value };
}
