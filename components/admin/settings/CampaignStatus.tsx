import type { FormAction } from "@/components/admin/form-state";
import { DeskForm } from "@/components/admin/kit/DeskForm";
import { Submit } from "@/components/admin/kit/fields";

type CampaignStatusProps = {
  status: "open" | "closed";
  /** How many days after signing a signature can be confirmed. */
  confirmationDays: number;
  /** Does what the pressed button says. One action, so that its answer is shown whatever the status is then. */
  closeOrReopen: FormAction;
};

/** Closes a campaign, or opens it again. */
export function CampaignStatus({ status, confirmationDays, closeOrReopen }: CampaignStatusProps) {
  const closed = status === "closed";
  return (
    <section id="status" aria-labelledby="status-title">
      <h2 id="status-title">Open or closed</h2>
      <DeskForm name="status" action={closeOrReopen}>
        <p>
          {closed
            ? "The campaign is closed. It takes no new signatures, and its pages and pictures say so."
            : `The campaign is open. Once you close it, it takes no new signatures, but those made before can still be confirmed within ${confirmationDays} days of signing.`}
        </p>
        <Submit name="action" value={closed ? "reopen" : "close"} className="quiet">
          {closed ? "Open it again" : "Close the campaign"}
        </Submit>
      </DeskForm>
    </section>
  );
}
