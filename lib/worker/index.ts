export { runWorker } from "./worker";
