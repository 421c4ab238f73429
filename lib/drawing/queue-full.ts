/** How soon to ask again for a drawing that had no place in the queue, in seconds. */
export const DRAWING_RETRY_SECONDS = 5;
const CODE = "DRAWING_QUEUE_FULL";

/** More is being drawn than can be; nothing was begun. */
export class DrawingQueueFull extends Error {
  readonly code = CODE;
}

/** By its code: Next loads the class once per route bundle. */
export function isDrawingQueueFull(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === CODE;
}
