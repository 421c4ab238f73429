import Link from "next/link";
import type { FormAction } from "@/components/admin/form-state";
import { DeskForm } from "@/components/admin/kit/DeskForm";
import { Submit } from "@/components/admin/kit/fields";
import { Moment } from "@/components/admin/kit/Moment";
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

type Decisions = { genuine: FormAction; release: FormAction; discard: FormAction };

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
      <Held desk={desk} held={held} actions={mayChange ? actions : null} />
      {kinds.map(({ kind, title, meaning }) => (
        <section key={kind}>
          <h2>{title}</h2>
          <p>{meaning}</p>
          <Groups
            title={title}
            desk={desk}
            groups={groups.filter((group) => group.kind === kind)}
            genuine={mayChange ? actions.genuine : null}
          />
        </section>
      ))}
    </>
  );
}

type HeldProps = {
  desk: string;
  held: readonly HeldSignatory[];
  /** Null for people who may not decide. */
  actions: Decisions | null;
};

function Held({ desk, held, actions }: HeldProps) {
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
                {actions === null ? null : <th scope="col">What to do</th>}
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
                  {actions === null ? null : (
                    <td>
                      <Decision id={id} name={name} action={actions.release} label="Release" />{" "}
                      <Decision id={id} name={name} action={actions.discard} label="Discard" />
                    </td>
                  )}
                </tr>
              ))}
            </tbody>
          </table>
        </Wide>
      )}
    </section>
  );
}

function Decision(props: { id: string; name: string; action: FormAction; label: string }) {
  const { id, name, action, label } = props;
  return (
    <DeskForm name={`${label}-${id}`} action={action} hidden={{ signature: id }} className="inline">
      <Submit className="quiet" aria-label={`${name}: ${label.toLowerCase()}`}>
        {label}
      </Submit>
    </DeskForm>
  );
}

type GroupsProps = {
  title: string;
  desk: string;
  groups: readonly ShownGroup[];
  /** Null for people who may not decide. */
  genuine: FormAction | null;
};

function Groups({ title, desk, groups, genuine }: GroupsProps) {
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
            {genuine === null ? null : <th scope="col">What to do</th>}
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
              {genuine === null ? null : (
                <td>
                  <DeskForm
                    name={`genuine-${group.id}`}
                    action={genuine}
                    hidden={{ group: group.id }}
                    className="inline"
                  >
                    <Submit
                      id={`genuine-${group.id}`}
                      className="quiet"
                      aria-labelledby={`group-${group.id} genuine-${group.id}`}
                    >
                      Genuine
                    </Submit>
                  </DeskForm>{" "}
                  <Link
                    id={`mark-${group.id}`}
                    href={`${desk}/invalidations?group=${group.id}`}
                    prefetch={false}
                    aria-labelledby={`group-${group.id} mark-${group.id}`}
                  >
                    Mark all invalid…
                  </Link>
                </td>
              )}
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
