import { FigureTable } from "@/components/admin/FigureTable";
import { count, percent } from "@/components/admin/overview/words";
import type { Share } from "@/lib/desk";

type SharesProps = {
  title: string;
  /** What the signatures are grouped by. */
  word: string;
  /** `signed` is missing where only confirmed signatures may be shown. */
  shares: readonly (Omit<Share, "signed"> & Partial<Share>)[];
};

/** Signatures by country or language, as a table. */
export function Shares({ title, word, shares }: SharesProps) {
  const withSigned = shares.some(({ signed }) => signed !== undefined);
  return (
    <section>
      <h2>{title}</h2>
      {shares.length === 0 ? (
        <p>Nobody has signed yet.</p>
      ) : (
        <FigureTable
          label={title}
          words={[word]}
          figures={withSigned ? ["Signed", "Confirmed", "Rate"] : ["Confirmed"]}
          rows={shares.map(({ key, signed, confirmed }) => ({
            words: [key],
            figures:
              signed === undefined
                ? [count(confirmed)]
                : [count(signed), count(confirmed), percent(confirmed, signed)],
          }))}
        />
      )}
    </section>
  );
}
