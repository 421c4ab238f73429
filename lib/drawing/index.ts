export {
  packetFile,
  pictureFile,
  posterFile,
  preparePictures,
  qrFile,
  renewPictures,
  sheetFile,
} from "./cache";
export { DRAWING_RETRY_SECONDS, isDrawingQueueFull } from "./queue-full";
