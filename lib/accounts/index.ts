export {
  addAccount,
  addCampaignAccount,
  hasNoAccount,
  listAccounts,
  removeAccount,
  resetAccount,
} from "./accounts";
export { newSecret, secretAddress } from "./authenticator";
export { giveCampaignRole, takeCampaignRole } from "./campaign-roles";
export {
  DRAFT_LIMIT_BYTES,
  draftOf,
  dropDraft,
  dropDraftOf,
  forgetDrafts,
  keepDraft,
  wouldKeepDraft,
} from "./drafts";
export { type EnrolmentOffer, enrol, openEnrolment } from "./enrolment";
export { changePassword } from "./own-account";
export { hashUnlessBusy, PASSWORD_MIN_CHARACTERS } from "./passwords";
export {
  cookieName,
  endedSessionCookie,
  endOwnSessions,
  endSession,
  type LiveSession,
  listSessions,
  openCookie,
  SECOND_FACTOR_MINUTES,
  SESSION_HOURS,
  SESSION_IDLE_MINUTES,
  sessionCookie,
  sessionCookieOf,
  sessionOf,
} from "./sessions";
export { proveAgain, signIn } from "./sign-in";
export { setTimeZone, TIME_ZONES } from "./time-zone";
export { actorOfToken, addToken, listTokens, revokeToken, TOKEN_MAX_DAYS, TOKEN_NAME_FORM } from "./tokens";
