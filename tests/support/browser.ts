import { type APIRequestContext, expect, type Page } from "@playwright/test";
import type { MailboxMail } from "@/lib/mail/transports/mailbox";
import { CAMPAIGN_SLUG } from "@/tests/support/campaign";

export const CAMPAIGN = `/en/${CAMPAIGN_SLUG}`;
export const PETITION = `/api/petitions/${CAMPAIGN_SLUG}`;

/** An address nobody else in this run has. */
export function someone(name: string): { name: string; email: string } {
  return {
    name,
    email: `${name.split(" ")[0]?.toLowerCase()}.${crypto.randomUUID().slice(0, 8)}@example.org`,
  };
}

/** Fills in and sends the form as a reader would, up to the page that says thanks. */
export async function signAs(page: Page, signatory: { name: string; email: string }): Promise<void> {
  await page.goto(CAMPAIGN);
  await page.locator("[name=name]").fill(signatory.name);
  await page.locator("[name=email]").fill(signatory.email);
  await page.locator("select[name=country]").selectOption("AF");
  await page.locator("[name=consent]").check();
  await page.locator("form[action$='/signatures'] button[type=submit]").click();
  await page.waitForURL(`**${CAMPAIGN}/thanks`);
}

/** The newest mail to an address, waited for. */
export async function mailTo(request: APIRequestContext, to: string): Promise<MailboxMail> {
  let mails: MailboxMail[] = [];
  await expect
    .poll(async () => {
      mails = (await (
        await request.get(`/dev/mailbox.json?to=${encodeURIComponent(to)}`)
      ).json()) as MailboxMail[];
      return mails.length;
    })
    .toBeGreaterThan(0);
  const [newest] = mails;
  if (!newest) throw new Error("no mail");
  return newest;
}

/** The path of the confirmation page in a mail. */
export function confirmPathIn(mail: MailboxMail): string {
  const path = /\/[\w-]+\/confirm\/[\w-]{43}/.exec(mail.text)?.[0];
  if (!path) throw new Error("no confirmation link in the text part");
  return path;
}

export async function confirmedCount(request: APIRequestContext): Promise<number> {
  const figures = (await (await request.get(PETITION)).json()) as { count: number };
  return figures.count;
}
