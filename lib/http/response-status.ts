import { AsyncLocalStorage } from "node:async_hooks";
import { perProcess } from "@/lib/per-process";

/** The status that a page has chosen for its response; null if it has not chosen one. */
export type ChosenStatus = { status: number | null };

const answers = perProcess("http/response-status", () => new AsyncLocalStorage<ChosenStatus>());

/** Starts a response. Anything rendered for it from here on may choose its status. */
export function beginAnswer(): ChosenStatus {
  const chosen: ChosenStatus = { status: null };
  answers.enterWith(chosen);
  return chosen;
}

/**
 * Sets the status of the response being rendered.
 * The framework lets a page set one only by throwing, and then shows the matching page only with JavaScript.
 */
export function answerWithStatus(status: number): void {
  const chosen = answers.getStore();
  if (chosen) chosen.status = status;
}
