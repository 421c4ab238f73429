import { AdminDocument, type SignedIn } from "@/components/admin/AdminDocument";
import { moment } from "@/components/admin/moment";
import { Wide } from "@/components/admin/Wide";

export type ShownGroup = {
  id: string;
  kind: string;
  signatures: number;
  lastAt: Date;
  country: string | null;
  signedFrom: Date | null;
  example: string | null;
};

/** A kind of review group, and in plain words what its signatures have in common. */
export type ShownKind = { kind: string; title: string; meaning: string };

export type HeldSignatory = { id: string; name: string; country: string; signedAt: Date };

type ReviewPageProps = {
  organisation: string;
  signedIn: SignedIn;
  kinds: readonly ShownKind[];
  groups: ShownGroup[];
  /** Confirmed, but not counted until an owner releases them. */
  held: readonly HeldSignatory[];
};

/**
 * The review queue: groups of signatures that look made up, to be checked before the petition is handed over.
 */
export function ReviewPage({ organisation, signedIn, kinds, groups, held }: ReviewPageProps) {
  return (
    <AdminDocument organisation={organisation} title="Likely fakes" signedIn={signedIn} here="/admin/review">
      <h1>Likely fakes</h1>
      <p>
        Signatures that have something in common which made-up ones often have. Many are genuine: families
        share a network, and people a name. Nothing is marked or deleted by itself. The worker looks every ten
        minutes.
      </p>
      {signedIn.role === "owner" ? (
        <p>
          <a href="/admin/invalidations">Mark invalid by a rule, and what was marked so</a>
        </p>
      ) : null}
      <Held held={held} mayChange={signedIn.role === "owner"} />
      {kinds.map(({ kind, title, meaning }) => (
        <Kind
          key={kind}
          title={title}
          meaning={meaning}
          groups={groups.filter((group) => group.kind === kind)}
          mayChange={signedIn.role === "owner"}
        />
      ))}
    </AdminDocument>
  );
}

function Held({ held, mayChange }: { held: readonly HeldSignatory[]; mayChange: boolean }) {
  const title = "Held: the trap field was filled in";
  return (
    <section>
      <h2>{title}</h2>
      <p>
        The form has a field that nobody sees. Programs fill it in, and now and then a browser that fills in
        forms for its user. These signatures are confirmed by email, and count once an owner releases them.
      </p>
      {held.length === 0 ? (
        <p>None.</p>
      ) : (
        <Wide label={title}>
          <table>
            <thead>
              <tr>
                <th scope="col">Name</th>
                <th scope="col">Country</th>
                <th scope="col">Signed (UTC)</th>
                {mayChange ? <th scope="col">What to do</th> : null}
              </tr>
            </thead>
            <tbody>
              {held.map(({ id, name, country, signedAt }) => (
                <tr key={id}>
                  <th scope="row">
                    <a href={`/admin/signatories/${id}`}>
                      <bdi>{name}</bdi>
                    </a>
                  </th>
                  <td>{country}</td>
                  <td>{moment(signedAt)}</td>
                  {mayChange ? (
                    <td>
                      <Decision id={id} name={name} action="release" label="Release" />{" "}
                      <Decision id={id} name={name} action="discard" label="Discard" />
                    </td>
                  ) : null}
                </tr>
              ))}
            </tbody>
          </table>
        </Wide>
      )}
    </section>
  );
}

function Decision(props: { id: string; name: string; action: "release" | "discard"; label: string }) {
  const { id, name, action, label } = props;
  return (
    <form method="post" action="/admin/review" className="inline">
      <input type="hidden" name="action" value={action} />
      <input type="hidden" name="signature" value={id} />
      <button type="submit" className="quiet" aria-label={`${name}: ${label.toLowerCase()}`}>
        {label}
      </button>
    </form>
  );
}

function Kind(props: { title: string; meaning: string; groups: ShownGroup[]; mayChange: boolean }) {
  const { title, meaning, groups, mayChange } = props;
  return (
    <section>
      <h2>{title}</h2>
      <p>{meaning}</p>
      {groups.length === 0 ? (
        <p>None found.</p>
      ) : (
        <Wide label={title}>
          <table>
            <thead>
              <tr>
                <th scope="col">Group</th>
                <th scope="col" className="n">
                  Signatures
                </th>
                <th scope="col">Newest (UTC)</th>
                {mayChange ? <th scope="col">What to do</th> : null}
              </tr>
            </thead>
            <tbody>
              {groups.map((group) => (
                <tr key={group.id}>
                  <th scope="row">
                    <a href={`/admin/signatories?group=${group.id}`}>
                      <bdi>{nameOf(group)}</bdi>
                    </a>
                  </th>
                  <td className="n">{group.signatures.toLocaleString("en")}</td>
                  <td>{moment(group.lastAt)}</td>
                  {mayChange ? (
                    <td>
                      <form method="post" action="/admin/review" className="inline">
                        <input type="hidden" name="group" value={group.id} />
                        <button type="submit" className="quiet" aria-label={`${nameOf(group)}: genuine`}>
                          Genuine
                        </button>
                      </form>{" "}
                      <form method="post" action="/admin/invalidations" className="inline">
                        <input type="hidden" name="action" value="preview" />
                        <input type="hidden" name="group" value={group.id} />
                        <button
                          type="submit"
                          className="quiet"
                          aria-label={`${nameOf(group)}: mark all invalid`}
                        >
                          Mark all invalid…
                        </button>
                      </form>
                    </td>
                  ) : null}
                </tr>
              ))}
            </tbody>
          </table>
        </Wide>
      )}
    </section>
  );
}

function nameOf({ country, signedFrom, example }: ShownGroup): string {
  return country === null ? (example ?? "Show them") : `${country}, ${moment(signedFrom)}`;
}
