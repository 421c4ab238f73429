import type { Metadata } from "next";
import { deskPage } from "@/app/admin/_desk/desk-page";
import { DeskForm } from "@/components/admin/kit/DeskForm";
import { Choice, Submit, TextField } from "@/components/admin/kit/fields";
import { Moment } from "@/components/admin/kit/Moment";
import { RowForm, RowForms } from "@/components/admin/kit/RowForms";
import { Wide } from "@/components/admin/Wide";
import { listSessions, PASSWORD_MIN_CHARACTERS, TIME_ZONES } from "@/lib/accounts";
import { changeOwnPassword, endSessions, setOwnTimeZone } from "./actions";

export const metadata: Metadata = { title: "Your account" };

export default deskPage("account.view", async ({ actor, sessionId, timeZone }) => {
  const sessions = await listSessions(actor.id);
  return (
    <>
      <h1>Your account</h1>
      <h2>Your sessions</h2>
      <p>
        A session ends after 30 minutes without activity, and after eight hours at the latest. Times are shown
        in the time zone {timeZone}.
      </p>
      <RowForms name="sessions" action={endSessions}>
        <Wide label="Your sessions">
          <table>
            <thead>
              <tr>
                <th scope="col">Since</th>
                <th scope="col">Last used</th>
                <td />
              </tr>
            </thead>
            <tbody>
              {/* A session lasts hours, so the year would only waste width on a phone. */}
              {sessions.map(({ id, createdAt, lastSeenAt }) => (
                <tr key={id}>
                  <th scope="row">
                    <Moment at={createdAt} format="minute-without-year" />
                  </th>
                  <td>
                    <Moment at={lastSeenAt} format="minute-without-year" />
                  </td>
                  <td>
                    {id === sessionId ? (
                      "this one"
                    ) : (
                      <RowForm hidden={{ session: id }} className="inline">
                        <Submit name="action" value="end-session" className="quiet">
                          End
                        </Submit>
                      </RowForm>
                    )}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </Wide>
        {sessions.length < 2 ? null : (
          <RowForm>
            <Submit name="action" value="end-others" className="quiet">
              End all others
            </Submit>
          </RowForm>
        )}
      </RowForms>
      <h2>Your time zone</h2>
      <DeskForm name="time-zone" action={setOwnTimeZone} label="Your time zone">
        <Choice
          name="timeZone"
          label="Time zone"
          initial={timeZone}
          options={TIME_ZONES.map((value) => ({ value, label: value.replaceAll("_", " ") }))}
        />
        <Submit>Save</Submit>
      </DeskForm>
      <h2>Change your password</h2>
      <p>All your other sessions end when you change it.</p>
      <DeskForm name="password" action={changeOwnPassword} label="Change your password">
        <input type="text" name="username" value={actor.label} autoComplete="username" hidden readOnly />
        <TextField
          name="present"
          label="Current password"
          type="password"
          autoComplete="current-password"
          required
        />
        <TextField
          name="password"
          label="New password"
          hint={`At least ${PASSWORD_MIN_CHARACTERS} characters. Several words are easiest to remember.`}
          type="password"
          autoComplete="new-password"
          required
        />
        <TextField
          name="code"
          label="Code"
          hint="Six digits from your authenticator app, or one of your recovery codes."
          autoComplete="one-time-code"
          required
        />
        <Submit>Change password</Submit>
      </DeskForm>
    </>
  );
});
