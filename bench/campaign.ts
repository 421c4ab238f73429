/** The campaign that the benchmarks sign. */
export const CAMPAIGN_SLUG = "pakistan-stop-expulsions";
