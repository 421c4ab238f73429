/** A signatory as the desk's pages show one. */
export type ShownSignatory = {
  id: string;
  name: string;
  email: string;
  country: string;
  locale: string;
  state: string;
  source: string;
  wantsUpdates: boolean;
  publicName: boolean;
  ref: string | null;
  signedAt: Date;
  confirmedAt: Date | null;
};

/** Since when and why a mailbox gets no mail. */
export type ShownSuppression = { since: Date; why: string };

/** The people that a search found, newest first. */
export type PeopleFound = {
  people: ShownSignatory[];
  /** Whether there are more than are shown. */
  more: boolean;
  /** The address that was searched for, if no mail is sent to it. */
  suppressed: (ShownSuppression & { address: string }) | null;
  /** Whether mail to the address has just been allowed again. */
  lifted: boolean;
};
