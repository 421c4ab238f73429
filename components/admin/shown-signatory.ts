/** A signatory as lists show one. */
export type ListedSignatory = {
  id: string;
  name: string;
  email: string;
  country: string;
  locale: string;
  state: string;
  /** On paper people write the day only, so how a time is shown depends on it. */
  source: string;
  signedAt: Date;
  confirmedAt: Date | null;
};

/** A signatory as their own page shows one. */
export type ShownSignatory = ListedSignatory & {
  wantsUpdates: boolean;
  publicName: boolean;
  ref: string | null;
  textVersion: number | null;
};

/** Returns no more than what lists show: all of it reaches the browser. */
export function listed(signatory: ListedSignatory): ListedSignatory {
  const { id, name, email, country, locale, state, source, signedAt, confirmedAt } = signatory;
  return { id, name, email, country, locale, state, source, signedAt, confirmedAt };
}

/** Since when and why a mailbox gets no mail. */
export type ShownSuppression = { since: Date; why: string };

/** The people that a search found, newest first. */
export type PeopleFound = {
  people: ListedSignatory[];
  /** Whether there are more than are shown. */
  more: boolean;
  /** The address that was searched for, if no mail is sent to it. */
  suppressed: (ShownSuppression & { address: string }) | null;
  /** Whether mail to the address has just been allowed again. */
  lifted: boolean;
};
