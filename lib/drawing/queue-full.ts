/** When to retry a drawing that the queue refused, in seconds. */
export const DRAWING_RETRY_SECONDS = 5;
const CODE = "DRAWING_QUEUE_FULL";

/** The drawing queue is full; nothing was started. */
export class DrawingQueueFull extends Error {
  readonly code = CODE;
}

/** Compares by code, because Next loads the class once per route bundle. */
export function isDrawingQueueFull(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === CODE;
}
