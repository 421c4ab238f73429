import type { FormAction } from "@/components/admin/form-state";
import { DeskForm } from "@/components/admin/kit/DeskForm";
import { Submit, TextField } from "@/components/admin/kit/fields";
import { Moment } from "@/components/admin/kit/Moment";
import { RowForm, RowForms } from "@/components/admin/kit/RowForms";
import { Wide } from "@/components/admin/Wide";
import type { TranslatorLink } from "@/lib/translations";

const USUAL_DAYS = "14";

type LinksProps = {
  locale: string;
  links: readonly TranslatorLink[];
  /** The current time: links that end before it are shown as ended. */
  now: Date;
  maxDays: number;
  actions: { make: FormAction; revoke: FormAction };
};

/** Links for people without an account, to make and revoke. */
export function Links({ locale, links, now, maxDays, actions }: LinksProps) {
  return (
    <>
      <h2>Translators without an account</h2>
      <p>
        A link opens this translation only. Anyone who has it can read the original in the draft and save the
        translation there. They cannot publish anything or see signatures. Send it to one person, over a
        channel that you trust.
      </p>
      <DeskForm
        name="link"
        action={actions.make}
        hidden={{ action: "link", locale }}
        className="filters"
        label="Make a link"
      >
        <TextField name="name" label="Name of the translator" maxLength={80} autoComplete="off" required />
        <TextField
          name="days"
          label="Days"
          initial={USUAL_DAYS}
          type="number"
          min={1}
          max={maxDays}
          required
        />
        <Submit>Make a link</Submit>
      </DeskForm>
      <RowForms name="revoke-link" action={actions.revoke}>
        {links.length === 0 ? null : (
          <Wide label="Links">
            <table>
              <thead>
                <tr>
                  <th scope="col">Name</th>
                  <th scope="col">Made by</th>
                  <th scope="col">Ends</th>
                  <th scope="col">Last used</th>
                  <th scope="col">Revoke</th>
                </tr>
              </thead>
              <tbody>
                {links.map((link) => (
                  <tr key={link.id}>
                    <th scope="row">
                      <bdi>{link.name}</bdi>
                    </th>
                    <td>{link.makerLabel}</td>
                    <td>
                      <Moment at={link.expiresAt} />
                    </td>
                    <td>
                      <Moment at={link.lastUsedAt} otherwise="never" />
                    </td>
                    <td>
                      {link.revokedAt !== null ? (
                        "revoked"
                      ) : link.expiresAt <= now ? (
                        "has ended"
                      ) : (
                        <RowForm hidden={{ action: "revoke-link", link: link.id }} className="inline">
                          <Submit className="quiet">Revoke</Submit>
                        </RowForm>
                      )}
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </Wide>
        )}
      </RowForms>
    </>
  );
}
