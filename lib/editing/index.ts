export { type DifferencePiece, differenceOf } from "./difference";
