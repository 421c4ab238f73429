/** The shipped campaign, which tests sign unless they say otherwise. */
export const CAMPAIGN_SLUG = "pakistan-stop-expulsions";
