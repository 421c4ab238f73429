import Link from "next/link";
import type { FormAction } from "@/components/admin/form-state";
import { Submit } from "@/components/admin/kit/fields";
import { Moment } from "@/components/admin/kit/Moment";
import { RowForm, RowForms } from "@/components/admin/kit/RowForms";
import { TimesShown } from "@/components/admin/TimesShown";
import { Wide } from "@/components/admin/Wide";

type ShownGroup = {
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

type HeldSignatory = { id: string; name: string; country: string; signedAt: Date };

/** What owners decide: that a group is genuine, and whether a signature is released or discarded. */
type Decisions = { genuine: FormAction; decide: FormAction };

type ReviewProps = {
  /** Address of the campaign's desk. */
  desk: string;
  mayChange: boolean;
  kinds: readonly ShownKind[];
  groups: readonly ShownGroup[];
  /** Confirmed, but not counted until an owner releases them. */
  held: readonly HeldSignatory[];
  actions: Decisions;
};

/** The review queue: signatures that look made up, to be checked before the petition is handed over. */
export function Review({ desk, mayChange, kinds, groups, held, actions }: ReviewProps) {
  return (
    <>
      <h1>Likely fakes</h1>
      <p>
        The signatures in a group have something in common that is typical of fakes. Many are genuine:
        families share a network, and people share names. Nothing is marked or deleted automatically. The
        groups are updated every ten minutes.
      </p>
      <TimesShown />
      {mayChange ? (
        <p>
          <Link href={`${desk}/invalidations`} prefetch={false}>
            Mark signatures invalid by rule
          </Link>
        </p>
      ) : null}
      <RowForms name="held" action={actions.decide}>
        <Held desk={desk} held={held} mayChange={mayChange} />
      </RowForms>
      <RowForms name="genuine" action={actions.genuine}>
        {kinds.map(({ kind, title, meaning }) => (
          <section key={kind}>
            <h2>{title}</h2>
            <p>{meaning}</p>
            <Groups
              title={title}
              desk={desk}
              groups={groups.filter((group) => group.kind === kind)}
              mayChange={mayChange}
            />
          </section>
        ))}
      </RowForms>
    </>
  );
}

type HeldProps = {
  desk: string;
  held: readonly HeldSignatory[];
  mayChange: boolean;
};

function Held({ desk, held, mayChange }: HeldProps) {
  const title = "Held back: the trap field was filled in";
  return (
    <section>
      <h2>{title}</h2>
      <p>
        The form has a field that people cannot see. Bots fill it in, and now and then so does a browser that
        fills in forms for its user. These signatures have been confirmed by email. They count once an owner
        releases them.
      </p>
      {held.length === 0 ? (
        <p>There are none.</p>
      ) : (
        <Wide label={title}>
          <table>
            <thead>
              <tr>
                <th scope="col">Name</th>
                <th scope="col">Country</th>
                <th scope="col">Signed</th>
                {mayChange ? <th scope="col">What to do</th> : null}
              </tr>
            </thead>
            <tbody>
              {held.map(({ id, name, country, signedAt }) => (
                <tr key={id}>
                  <th scope="row">
                    <Link href={`${desk}/signatories/${id}`} prefetch={false}>
                      <bdi>{name}</bdi>
                    </Link>
                  </th>
                  <td>{country}</td>
                  <td>
                    <Moment at={signedAt} />
                  </td>
                  {mayChange ? (
                    <td>
                      <RowForm hidden={{ signature: id }} className="inline">
                        <Submit
                          name="action"
                          value="release"
                          className="quiet"
                          aria-label={`${name}: release`}
                        >
                          Release
                        </Submit>{" "}
                        <Submit
                          name="action"
                          value="discard"
                          className="quiet"
                          aria-label={`${name}: discard`}
                        >
                          Discard
                        </Submit>
                      </RowForm>
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

type GroupsProps = {
  title: string;
  desk: string;
  groups: readonly ShownGroup[];
  mayChange: boolean;
};

function Groups({ title, desk, groups, mayChange }: GroupsProps) {
  if (groups.length === 0) return <p>There are none.</p>;
  return (
    <Wide label={title}>
      <table>
        <thead>
          <tr>
            <th scope="col">Group</th>
            <th scope="col" className="n">
              Signatures
            </th>
            <th scope="col">Newest</th>
            {mayChange ? <th scope="col">What to do</th> : null}
          </tr>
        </thead>
        <tbody>
          {groups.map((group) => (
            <tr key={group.id}>
              <th scope="row">
                <Link
                  id={`group-${group.id}`}
                  href={`${desk}/signatories?group=${group.id}`}
                  prefetch={false}
                >
                  <bdi>
                    <GroupName group={group} />
                  </bdi>
                </Link>
              </th>
              <td className="n">{group.signatures.toLocaleString("en")}</td>
              <td>
                <Moment at={group.lastAt} />
              </td>
              {mayChange ? (
                <td>
                  <RowForm hidden={{ group: group.id }} className="inline">
                    <Submit
                      id={`genuine-${group.id}`}
                      className="quiet"
                      aria-labelledby={`group-${group.id} genuine-${group.id}`}
                    >
                      Genuine
                    </Submit>
                  </RowForm>{" "}
                  <Link
                    id={`mark-${group.id}`}
                    href={`${desk}/invalidations?group=${group.id}`}
                    prefetch={false}
                    aria-labelledby={`group-${group.id} mark-${group.id}`}
                  >
                    Mark all invalid…
                  </Link>
                </td>
              ) : null}
            </tr>
          ))}
        </tbody>
      </table>
    </Wide>
  );
}

function GroupName({ group: { country, signedFrom, example } }: { group: ShownGroup }) {
  if (country === null) return example ?? "Show them";
  return (
    <>
      {country}, <Moment at={signedFrom} />
    </>
  );
}
