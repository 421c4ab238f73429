import type { FormAction } from "@/components/admin/form-state";

/** What owners can do about mail. */
export type MailActions = { retry: FormAction; decide: FormAction; resume: FormAction };
