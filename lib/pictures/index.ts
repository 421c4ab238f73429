export { PICTURE_LIMIT_BYTES, PICTURE_TYPES } from "./formats";
export { nameFor } from "./prepare";
export { renditionAt } from "./renditions";
export { followPictures, loadPictures, type PictureSources, pictureSources } from "./sources";
export {
  addPicture,
  importPictures,
  type ListedPicture,
  pictureFilesOf,
  picturesOf,
  preparePictures,
  removePicture,
} from "./store";
export type { PictureUse } from "./usage";
