import { languageMark, type Reading } from "@/components/campaign/blocks/reading";
import { Words } from "@/components/campaign/blocks/Words";
import type { CallBefore } from "@/lib/campaigns";
import { type Call as CallOf, plainText } from "@/lib/document";
import { differenceOf } from "@/lib/editing";
import { formatDate } from "@/lib/i18n/format";
import { messagesFor } from "@/lib/i18n/messages";

/** What is asked, of whom, and what that was before it was last changed. */
export function Call({ call, before, ...reading }: Reading & { call: CallOf; before: CallBefore | null }) {
  const { page } = messagesFor(reading.locale);
  const numbering = { locale: reading.locale, order: reading.order };
  return (
    <section className="call" aria-labelledby="call">
      <h2 id="call">{page.call}</h2>
      {isNamed(call) ? null : <p {...languageMark(reading, "call.to")}>{page.callTo({ to: call.to })}</p>}
      {call.lead.length === 0 ? null : (
        <p {...languageMark(reading, "call.lead")}>
          <Words text={call.lead} {...numbering} />
        </p>
      )}
      <p className="demand" {...languageMark(reading, "call.demand")}>
        {call.demand}
      </p>
      <ol>
        {call.points.map((point, place) => (
          <li key={place} {...languageMark(reading, `call.points.${place + 1}`)}>
            <Words text={point} {...numbering} />
          </li>
        ))}
      </ol>
      {before === null ? null : <Changed before={before} call={call} locale={reading.locale} />}
    </section>
  );
}

/** Whether the explanation of a call names whom it addresses, so that it need not be said twice. */
function isNamed({ to, lead }: CallOf): boolean {
  return plainText(lead).toLowerCase().includes(to.toLowerCase());
}

type ChangedProps = Pick<Reading, "locale"> & { call: CallOf; before: CallBefore };

/** Who signed before a change must be able to see what is asked in their name now. */
function Changed({ before, call, locale }: ChangedProps) {
  const { page } = messagesFor(locale);
  const points = Math.max(call.points.length, before.call.points.length);
  const pointOf = ({ points }: CallOf, place: number) => plainText(points[place] ?? []);
  return (
    <details>
      <summary>{page.callChanged({ date: formatDate(before.changedAt.toISOString(), locale) })}</summary>
      <p>{page.callChangedText}</p>
      <p>
        <Difference before={before.call.demand} after={call.demand} locale={locale} />
      </p>
      <ol>
        {Array.from({ length: points }, (_, place) => (
          <li key={place}>
            <Difference before={pointOf(before.call, place)} after={pointOf(call, place)} locale={locale} />
          </li>
        ))}
      </ol>
    </details>
  );
}

function Difference({ before, after, locale }: Pick<Reading, "locale"> & { before: string; after: string }) {
  return differenceOf(before, after, locale).map(({ kind, text }, place) => {
    if (kind === "same") return text;
    return kind === "added" ? <ins key={place}>{text}</ins> : <del key={place}>{text}</del>;
  });
}
