export { readFolder, writeFolder } from "./folder";
export { newCampaignFiles } from "./template";
