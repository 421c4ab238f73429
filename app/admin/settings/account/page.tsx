import type { Metadata } from "next";
import { deskPage } from "@/app/admin/_desk/desk-page";
import { DeskForm } from "@/components/admin/kit/DeskForm";
import { Submit, TextField } from "@/components/admin/kit/fields";
import { moment } from "@/components/admin/moment";
import { Wide } from "@/components/admin/Wide";
import { listSessions, PASSWORD_MIN_CHARACTERS } from "@/lib/accounts";
import { changeOwnPassword, endOneSession, endOtherSessions } from "./actions";

export const metadata: Metadata = { title: "Your account" };

/** A session lasts hours, so the year would only waste width on a phone. */
const withinDays = (at: Date) => moment(at).slice("2026-".length);

export default deskPage("account.view", async ({ actor, sessionId }) => {
  const sessions = await listSessions(actor.id);
  return (
    <>
      <h1>Your account</h1>
      <h2>Your sessions</h2>
      <p>A session ends after 30 minutes without activity, and after eight hours at the latest.</p>
      <Wide label="Your sessions">
        <table>
          <thead>
            <tr>
              <th scope="col">Since (UTC)</th>
              <th scope="col">Last used (UTC)</th>
              <td />
            </tr>
          </thead>
          <tbody>
            {sessions.map(({ id, createdAt, lastSeenAt }) => (
              <tr key={id}>
                <th scope="row">{withinDays(createdAt)}</th>
                <td>{withinDays(lastSeenAt)}</td>
                <td>
                  {id === sessionId ? (
                    "this one"
                  ) : (
                    <DeskForm
                      name={`end-${id}`}
                      action={endOneSession}
                      hidden={{ session: id }}
                      className="inline"
                    >
                      <Submit className="quiet">End</Submit>
                    </DeskForm>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </Wide>
      {sessions.length < 2 ? null : (
        <DeskForm name="end-others" action={endOtherSessions}>
          <Submit className="quiet">End all others</Submit>
        </DeskForm>
      )}
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
