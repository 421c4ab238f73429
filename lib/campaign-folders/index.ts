export { type ReadFolder, readFolder, type WrittenFolder, writeFolder } from "./folder";
export { newCampaignFiles } from "./template";
