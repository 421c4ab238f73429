import { database } from "@/lib/db/client";
import { checkSignatureForm, sign } from "@/lib/signing";
import { CAMPAIGN_SLUG } from "@/tests/support/campaign";

/** Somebody who has signed and confirmed. */
export async function confirmedSigner(
  changes: Record<string, string> = {},
): Promise<{ id: string; name: string; email: string }> {
  const [name, email] = [
    changes.name ?? "Zarghuna Kargar",
    changes.email ?? `${crypto.randomUUID()}@example.org`,
  ];
  const form = { name, email, country: "AF", consent: "yes", locale: "en", ...changes };
  const checked = checkSignatureForm(form);
  if (!checked.ok) throw new Error(JSON.stringify(checked.errors));
  await sign(CAMPAIGN_SLUG, checked.request);
  const { id } = await database().signature.findFirstOrThrow({ orderBy: { id: "desc" } });
  await database().signature.update({ where: { id }, data: { state: "confirmed", confirmedAt: new Date() } });
  return { id, name, email };
}
