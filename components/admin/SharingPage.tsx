import { AdminDocument, type SignedIn } from "@/components/admin/AdminDocument";
import { FigureTable } from "@/components/admin/FigureTable";

type Code = {
  code: string;
  channel: string | null;
  locale: string;
  visits: number;
  signatures: number;
  confirmed: number;
};
type Branch = Code & { parent: string | null };

type SharingPageProps = {
  organisation: string;
  signedIn: SignedIn;
  codes: readonly Code[];
  /** The other sites whose pages held the form. */
  origins: readonly { origin: string; signatures: number; confirmed: number }[];
};

const count = (number: number) => number.toLocaleString("en");
const figures = ["Visits", "Signed", "Confirmed"];
const figuresOf = ({ visits, signatures, confirmed }: Code) => [visits, signatures, confirmed].map(count);
const treeAt = (code: string) => `/admin/sharing?code=${code}`;

/** What brings people: channels, sharers and other sites. A code is all that is said of a sharer. */
export function SharingPage({ organisation, signedIn, codes, origins }: SharingPageProps) {
  const channels = codes.filter(({ channel }) => channel !== null);
  const sharers = codes.filter(({ channel }) => channel === null);
  return (
    <AdminDocument organisation={organisation} title="Sharing" signedIn={signedIn} here="/admin/sharing">
      <h1>Sharing</h1>
      <p>
        Visits are people who opened a short link; programs that fetch previews are not counted. Signed are
        all who signed through it, confirmed or not.
      </p>
      <h2>By channel</h2>
      {channels.length === 0 ? (
        <p>Nobody has come by a channel's link yet.</p>
      ) : (
        <FigureTable
          label="By channel"
          words={["Code", "Channel", "Language"]}
          figures={figures}
          rows={channels.map((code) => ({
            words: [code.code, code.channel ?? "", code.locale],
            figures: figuresOf(code),
            href: treeAt(code.code),
          }))}
        />
      )}
      <h2>By sharer</h2>
      {sharers.length === 0 ? (
        <p>Nobody has come by a signer's link yet.</p>
      ) : (
        <FigureTable
          label="By sharer"
          words={["Code", "Language"]}
          figures={figures}
          rows={sharers.map((code) => ({
            words: [code.code, code.locale],
            figures: figuresOf(code),
            href: treeAt(code.code),
          }))}
        />
      )}
      <h2>By site that shows the form</h2>
      {origins.length === 0 ? (
        <p>Nobody has signed on another site yet.</p>
      ) : (
        <FigureTable
          label="By site that shows the form"
          words={["Site"]}
          figures={["Signed", "Confirmed"]}
          rows={origins.map(({ origin, signatures, confirmed }) => ({
            words: [origin],
            figures: [count(signatures), count(confirmed)],
          }))}
        />
      )}
    </AdminDocument>
  );
}

type SharingTreePageProps = {
  organisation: string;
  signedIn: SignedIn;
  /** The first is the code whose tree it is. */
  branches: readonly [Branch, ...Branch[]];
  reach: { tree: number; steps: readonly number[] };
  /** True when the tree has more branches than are shown. */
  cut: boolean;
};

/** Who brought whom, from one code on. */
export function SharingTreePage({ organisation, signedIn, branches, reach, cut }: SharingTreePageProps) {
  const [root] = branches;
  const children = new Map<string | null, Branch[]>();
  for (const branch of branches) {
    const siblings = children.get(branch.parent);
    if (siblings) siblings.push(branch);
    else children.set(branch.parent, [branch]);
  }
  return (
    <AdminDocument
      organisation={organisation}
      title="Tree of a share code"
      signedIn={signedIn}
      here="/admin/sharing"
    >
      <h1>
        Tree of <code>{root.code}</code>
      </h1>
      <p>
        {count(reach.tree)} confirmed in all; step by step:{" "}
        {reach.steps.map(count).join(", then ") || "none yet"}.
      </p>
      {cut ? <p>Only the {count(branches.length)} codes nearest to it are shown.</p> : null}
      <ul>
        <TreeBranch branch={root} childrenOf={children} />
      </ul>
      <p>
        <a href="/admin/sharing">All codes</a>
      </p>
    </AdminDocument>
  );
}

function TreeBranch({
  branch,
  childrenOf,
}: {
  branch: Branch;
  childrenOf: ReadonlyMap<string | null, readonly Branch[]>;
}) {
  const below = childrenOf.get(branch.code) ?? [];
  return (
    <li>
      <a href={treeAt(branch.code)}>
        <code>{branch.code}</code>
      </a>{" "}
      {branch.channel ?? "a signer"} ({branch.locale}): {count(branch.visits)} visits,{" "}
      {count(branch.signatures)} signed, {count(branch.confirmed)} confirmed
      {below.length === 0 ? null : (
        <ul>
          {below.map((child) => (
            <TreeBranch key={child.code} branch={child} childrenOf={childrenOf} />
          ))}
        </ul>
      )}
    </li>
  );
}
