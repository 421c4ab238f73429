import { FigureTable } from "@/components/admin/FigureTable";

type Kind = "channel" | "language" | "step" | "site";
type Sum = { kind: Kind; key: string; figures: { visits: number; signed: number; confirmed: number } };

type SharingProps = {
  /** Sums that may be shown, already coarsened for display. */
  sums: readonly Sum[];
};

const count = (number: number) => number.toLocaleString("en");
const STEPS: Record<string, string> = {
  1: "Your own links",
  2: "Passed on once",
  3: "Passed on twice or more",
};
const TABLES: { kind: Kind; title: string; word: string; none: string }[] = [
  {
    kind: "channel",
    title: "By channel",
    word: "Channel",
    none: "Too few people have followed links so far.",
  },
  {
    kind: "language",
    title: "By language",
    word: "Language",
    none: "Too few people have followed links so far.",
  },
  {
    kind: "step",
    title: "By steps from you",
    word: "Links",
    none: "Too few people have followed links so far.",
  },
  {
    kind: "site",
    title: "By site that shows the form",
    word: "Site",
    none: "Too few people have signed on another site so far. Only sites named in the campaign settings are counted.",
  },
];

/** Sharing statistics, aggregated over many people. Nothing here reveals a single link or person. */
export function Sharing({ sums }: SharingProps) {
  return (
    <>
      <h1>Sharing</h1>
      <p>
        Visits are people who opened a short link; programs that fetch previews are not counted. “Signed”
        counts everybody who signed after following one, confirmed or not, even if they withdrew later.
      </p>
      <p>
        To protect signers, the sums are rounded, and appear only once people from many networks have come.
        Nobody can see what a single link brought.
      </p>
      {TABLES.map(({ kind, title, word, none }) => {
        const rows = sums.filter((sum) => sum.kind === kind);
        const visited = kind !== "site";
        return (
          <section key={kind}>
            <h2>{title}</h2>
            {rows.length === 0 ? (
              <p>{none}</p>
            ) : (
              <FigureTable
                label={title}
                words={[word]}
                figures={[...(visited ? ["Visits"] : []), "Signed", "Confirmed"]}
                rows={rows.map(({ key, figures: { visits, signed, confirmed } }) => ({
                  words: [kind === "step" ? (STEPS[key] ?? key) : key],
                  figures: [...(visited ? [visits] : []), signed, confirmed].map(count),
                }))}
              />
            )}
          </section>
        );
      })}
    </>
  );
}
