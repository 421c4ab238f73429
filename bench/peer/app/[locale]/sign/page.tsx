import { randomBytes } from "node:crypto";
import { redirect } from "next/navigation";
import { v7 as uuidv7 } from "uuid";
import { CAMPAIGN_SLUG } from "@/bench/campaign";
import { CONSENT_VERSION } from "@/lib/consent";
import { database } from "@/lib/db/client";
import { sealedSizes } from "@/lib/db/encryption";

const KEY_BYTES = 32;
/** Placeholder for the data that our own signing seals. */
const SEALED = Buffer.alloc(sealedSizes({ table: "signature", column: "person" })[0] ?? 0, 0xab);

/** Signs as Next's own guides do it: a Server Action and an ORM, two rows in a transaction. */
async function sign(): Promise<void> {
  "use server";
  const [campaign, consentText] = await Promise.all([
    database().campaign.findUniqueOrThrow({ where: { slug: CAMPAIGN_SLUG } }),
    database().consentText.findFirstOrThrow({ where: { version: CONSENT_VERSION, locale: "en" } }),
  ]);
  const id = uuidv7();
  await database().$transaction([
    database().signature.create({
      data: {
        id,
        campaignId: campaign.id,
        mailboxKey: randomBytes(KEY_BYTES),
        dataKeyId: "k1",
        personEncrypted: SEALED,
        nameBucket: 1,
        country: "PK",
        locale: "en",
        wantsUpdates: false,
        publicName: false,
        consentTextId: consentText.id,
      },
    }),
    database().mail.create({ data: { id: uuidv7(), signatureId: id, kind: "confirmation" } }),
  ]);
  redirect("/en");
}

/** An ordinary page with a form, which works without JavaScript as ours does. */
export default function Page() {
  return (
    <html lang="en">
      <body>
        <form action={sign}>
          <input name="name" />
          <input name="email" />
          <button type="submit">Sign</button>
        </form>
      </body>
    </html>
  );
}
