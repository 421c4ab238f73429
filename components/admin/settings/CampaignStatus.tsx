import type { FormAction } from "@/components/admin/form-state";
import { DeskForm } from "@/components/admin/kit/DeskForm";
import { Submit } from "@/components/admin/kit/fields";

type CampaignStatusProps = {
  status: "open" | "closed";
  /** How many days after signing a signature can be confirmed. */
  confirmationDays: number;
  actions: { close: FormAction; reopen: FormAction };
};

/** Closes a campaign, or opens it again. */
export function CampaignStatus({ status, confirmationDays, actions }: CampaignStatusProps) {
  const closed = status === "closed";
  return (
    <section id="status" aria-labelledby="status-title">
      <h2 id="status-title">Open or closed</h2>
      <DeskForm name="status" action={closed ? actions.reopen : actions.close}>
        <p>
          {closed
            ? "The campaign is closed. It takes no new signatures, and its pages and pictures say so."
            : `The campaign is open. Once you close it, it takes no new signatures, but those made before can still be confirmed within ${confirmationDays} days of signing.`}
        </p>
        <Submit className="quiet">{closed ? "Open it again" : "Close the campaign"}</Submit>
      </DeskForm>
    </section>
  );
}
