export { PICTURE_FORMATS, type PictureFormat, type Publisher } from "./campaign-picture";
export { packetFile, pictureFile, posterFile, preparePictures, renewPictures, sheetFile } from "./kept";
export { qrMark, qrSvg } from "./qr";
export { type DocumentInfo, type Drawing, pdfOf } from "./render";
export { textBlock } from "./text";
