/** The file of a campaign's settings. */
export const SETTINGS_FILE = "campaign.yaml";
/** The file of a campaign's sources. */
export const SOURCES_FILE = "sources.yaml";
