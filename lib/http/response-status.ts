import { AsyncLocalStorage } from "node:async_hooks";
import { perProcess } from "@/lib/per-process";

/** The status that a page has chosen for the answer it is part of; null while it has chosen none. */
export type ChosenStatus = { status: number | null };

const answers = perProcess("http/response-status", () => new AsyncLocalStorage<ChosenStatus>());

/** Starts an answer: what is rendered for it from here on may choose its status. */
export function beginAnswer(): ChosenStatus {
  const chosen: ChosenStatus = { status: null };
  answers.enterWith(chosen);
  return chosen;
}

/**
 * Chooses the status of the answer that is being rendered. The framework lets a page set one only by throwing, and then shows
 * what belongs to it by JavaScript alone.
 */
export function answerWithStatus(status: number): void {
  const chosen = answers.getStore();
  if (chosen) chosen.status = status;
}
