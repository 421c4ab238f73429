import { AdminDocument, type SignedIn } from "@/components/admin/AdminDocument";
import { FigureTable } from "@/components/admin/FigureTable";

type Kind = "channel" | "language" | "step" | "site";
type Sum = { kind: Kind; key: string; figures: { visits: number; signed: number; confirmed: number } };

type SharingPageProps = {
  organisation: string;
  signedIn: SignedIn;
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
  { kind: "channel", title: "By channel", word: "Channel", none: "Too few people came by links yet." },
  { kind: "language", title: "By language", word: "Language", none: "Too few people came by links yet." },
  {
    kind: "step",
    title: "By steps from you",
    word: "Links",
    none: "Too few people came by links yet.",
  },
  {
    kind: "site",
    title: "By site that shows the form",
    word: "Site",
    none: "Too few people signed on another site yet. Only sites that you name under Campaign are counted.",
  },
];

/** Sharing statistics, aggregated over many people. Nothing here reveals a single link or person. */
export function SharingPage({ organisation, signedIn, sums }: SharingPageProps) {
  return (
    <AdminDocument organisation={organisation} title="Sharing" signedIn={signedIn} here="/admin/sharing">
      <h1>Sharing</h1>
      <p>
        Visits are people who opened a short link; programs that fetch previews are not counted. Signed are
        all who signed after coming by one, confirmed or not, also if they took it back later.
      </p>
      <p>
        To protect signers, you see rounded sums, and only once people from many networks have come. Nobody
        can see what a single link brought.
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
    </AdminDocument>
  );
}
