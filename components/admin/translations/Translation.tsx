import Link from "next/link";
import type { FormAction } from "@/components/admin/form-state";
import { DeskForm } from "@/components/admin/kit/DeskForm";
import { Submit } from "@/components/admin/kit/fields";
import { TimesShown } from "@/components/admin/TimesShown";
import { bySection, needsWork, type ShownPart, STATE_WORDS } from "@/components/translations/shown-part";
import { PART_STATES } from "@/lib/translations";
import { PartsForm, type Side } from "./PartsForm";

const CHECKS = "checks";

type TranslationProps = {
  /** The page's address, without its query. */
  address: string;
  overview: string;
  locale: string;
  original: Side;
  translation: Side;
  parts: readonly ShownPart[];
  onlyWork: boolean;
  /** Null for those who may not. */
  save: FormAction | null;
  review: FormAction | null;
};

/** A translation, part by part beside the original. */
export function Translation(props: TranslationProps) {
  const { address, overview, locale, original, translation, onlyWork, save, review } = props;
  const parts = onlyWork ? props.parts.filter(needsWork) : props.parts;
  const all = props.parts.filter(({ state, needed }) => needed || state !== "missing");
  const checkable = parts.filter(({ translation: text }) => text !== null);
  return (
    <>
      <h1>
        Translation into <bdi lang={translation.lang}>{translation.name}</bdi>
      </h1>
      <p>
        <Link href={overview} prefetch={false}>
          All translations
        </Link>
        . What is saved here is a draft until somebody publishes it. Keep marks such as <code>[^K1]</code> and
        the addresses of links; a checked part that changes has to be checked again.
      </p>
      <ul>
        {PART_STATES.map((state) => (
          <li key={state}>
            {STATE_WORDS[state]}: {all.filter((part) => part.state === state).length}
          </li>
        ))}
      </ul>
      <nav aria-label="Parts shown">
        <ul>
          <li>
            <Link href={address} prefetch={false} aria-current={onlyWork ? undefined : "true"}>
              All parts
            </Link>
          </li>
          <li>
            <Link href={`${address}?only=work`} prefetch={false} aria-current={onlyWork ? "true" : undefined}>
              Only what needs work
            </Link>
          </li>
        </ul>
      </nav>
      <TimesShown />
      {parts.length === 0 ? <p>Everything is translated and checked.</p> : null}
      {parts.length === 0 ? null : (
        <PartsForm
          sections={bySection(parts)}
          {...{ original, translation, locale, save }}
          checks={review === null ? null : CHECKS}
        />
      )}
      {review === null ? null : (
        <>
          <h2>Check</h2>
          <p>A checked part says in the other language what the original says.</p>
          <DeskForm
            name="review"
            id={CHECKS}
            action={review}
            hidden={{
              action: "review",
              locale,
              shown: checkable.map(({ key, seen }) => `${key}=${seen}`).join(" "),
            }}
            label="Check"
          >
            {/* The form stays, to say what came of it. */}
            {checkable.length === 0 ? null : (
              <p>
                <Submit name="decision" value="chosen">
                  The chosen parts are right
                </Submit>{" "}
                <Submit name="decision" value="all" className="quiet">
                  All parts on this page are right
                </Submit>{" "}
                <Submit name="decision" value="back" className="quiet">
                  Take the check of the chosen parts back
                </Submit>
              </p>
            )}
          </DeskForm>
        </>
      )}
    </>
  );
}
