export { PICTURE_FORMATS, type PictureFormat, type Publisher } from "./campaign-picture";
export {
  packetFile,
  pictureFile,
  posterFile,
  preparePictures,
  qrFile,
  renewPictures,
  sheetFile,
} from "./kept";
