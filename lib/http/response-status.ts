import { AsyncLocalStorage } from "node:async_hooks";
import { perProcess } from "@/lib/per-process";

/** What a page has chosen for its response: a status, null if it has not chosen one, and headers. */
export type ChosenStatus = { status: number | null; headers: Readonly<Record<string, string>> };

const answers = perProcess("http/response-status", () => new AsyncLocalStorage<ChosenStatus>());

/** Starts a response. Anything rendered for it from here on may choose its status. */
export function beginAnswer(): ChosenStatus {
  const chosen: ChosenStatus = { status: null, headers: {} };
  answers.enterWith(chosen);
  return chosen;
}

/**
 * Sets the status of the response being rendered, and headers that go with it.
 * The framework lets a page set one only by throwing, and then shows the matching page only with JavaScript.
 */
export function answerWithStatus(status: number, headers: Readonly<Record<string, string>> = {}): void {
  const chosen = answers.getStore();
  if (chosen) Object.assign(chosen, { status, headers });
}
