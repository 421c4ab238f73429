import { createHmac, randomBytes } from "node:crypto";
import { receiveWebhook } from "@/lib/mail/webhook";
import { settings } from "@/lib/settings";

/** Has the mail provider report what became of a mail to an address, signed as it signs. */
export async function receiveReport(
  type: "delivered" | "bounced" | "complained",
  email: string,
): Promise<void> {
  const secret = `whsec_${randomBytes(24).toString("base64")}`;
  settings().resendWebhookSecret = secret;
  const id = `msg_${randomBytes(8).toString("hex")}`;
  const timestamp = String(Math.floor(Date.now() / 1000));
  const body = Buffer.from(
    JSON.stringify({ type: `email.${type}`, data: { to: [email], bounce: { type: "Permanent" } } }),
  );
  const key = Buffer.from(secret.slice("whsec_".length), "base64");
  const signature = createHmac("sha256", key).update(`${id}.${timestamp}.`).update(body).digest("base64");
  const outcome = await receiveWebhook(body, { id, timestamp, signature: `v1,${signature}` });
  if (outcome.kind !== "noted") throw new Error(`the report was ${outcome.kind}`);
}
