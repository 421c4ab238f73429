import { Moment } from "@/components/admin/kit/Moment";
import { count } from "@/components/admin/overview/words";
import type { SecurityAlarm } from "@/lib/desk";

/** Lists possible attacks on the desk; renders nothing if there are none. */
export function SecurityAlarms({ alarms }: { alarms: readonly SecurityAlarm[] }) {
  if (alarms.length === 0) return null;
  return (
    <section className="alert" aria-labelledby="security">
      <h2 id="security">Somebody may be trying to get in, or to get at names</h2>
      <ul>
        {alarms.map((alarm) => (
          <li key={`${alarm.at.getTime()} ${alarm.kind} ${alarm.who}`}>
            <Moment at={alarm.at} />: {inWords(alarm)}
          </li>
        ))}
      </ul>
      <p>
        Ask the person whose account it is. If it was not them, an owner should end their sessions and reset
        their account under Team.
      </p>
    </section>
  );
}

function inWords(alarm: SecurityAlarm): string {
  switch (alarm.kind) {
    case "names":
      return `${alarm.who} asked for more than ${count(alarm.names)} names within an hour.`;
    case "session":
      return `A session of ${alarm.who} gave ten wrong codes. It has been ended.`;
    case "account":
      return `Somebody gave ten wrong codes for ${alarm.account}, each with the right password. The password should be changed.`;
  }
}
