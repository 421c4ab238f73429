import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

const SYSTEM_PATHS = [
  "/usr/bin/firefox",
  "/usr/bin/firefox-esr",
  "/Applications/Firefox.app/Contents/MacOS/firefox",
];
const START_LIMIT_MS = 60_000;
const POLL_MS = 200;

/** No third party's cookies, and no talk with anybody but the pages under test. */
const PREFERENCES = {
  "network.cookie.cookieBehavior": 1,
  "app.update.disabledForTesting": true,
  "browser.shell.checkDefaultBrowser": false,
  "datareporting.policy.dataSubmissionEnabled": false,
  "network.captive-portal-service.enabled": false,
  "network.connectivity-service.enabled": false,
  "services.settings.server": "data:,#remote-settings-dummy/v1",
  "toolkit.telemetry.server": "",
};

/** The machine's own Firefox (`FIREFOX_PATH` names another), or null: Playwright drives only one that it has patched. */
export function findFirefox(): string | null {
  const named = process.env.FIREFOX_PATH;
  if (named) return existsSync(named) ? named : null;
  return SYSTEM_PATHS.find((file) => existsSync(file)) ?? null;
}

type Context = { context: string; url: string; children: Context[] | null };
type Answer = { id: number; type: string; result?: unknown; message?: string };

/** A Firefox with no window, driven by WebDriver BiDi (W3C): the few commands that a test of ours needs. */
export class Firefox {
  readonly #process: ChildProcess;
  readonly #profile: string;
  readonly #socket: WebSocket;
  readonly #waiting = new Map<number, (answer: Answer) => void>();
  #commands = 0;

  private constructor(running: ChildProcess, profile: string, socket: WebSocket) {
    this.#process = running;
    this.#profile = profile;
    this.#socket = socket;
    socket.addEventListener("message", ({ data }) => {
      const answer = JSON.parse(String(data)) as Answer;
      this.#waiting.get(answer.id)?.(answer);
    });
  }

  static async start(program: string): Promise<Firefox> {
    const profile = await mkdtemp(path.join(tmpdir(), "petition-firefox-"));
    const lines = Object.entries(PREFERENCES).map(
      ([name, value]) => `user_pref(${JSON.stringify(name)}, ${JSON.stringify(value)});`,
    );
    await writeFile(path.join(profile, "user.js"), lines.join("\n"));
    const running = spawn(
      program,
      ["--headless", "--no-remote", "--profile", profile, "--remote-debugging-port=0"],
      {
        env: { ...process.env, HOME: profile, MOZ_CRASHREPORTER_DISABLE: "1" },
        stdio: ["ignore", "ignore", "pipe"],
      },
    );
    try {
      const socket = new WebSocket(`${await addressOf(running)}/session`);
      await once(socket, "open", { signal: AbortSignal.timeout(START_LIMIT_MS) });
      const firefox = new Firefox(running, profile, socket);
      await firefox.#command("session.new", { capabilities: {} });
      return firefox;
    } catch (error) {
      await end(running, profile);
      throw error;
    }
  }

  async stop(): Promise<void> {
    this.#socket.close();
    await end(this.#process, this.#profile);
  }

  /** Opens an address in the first tab and waits until it is loaded, frames included. */
  async open(url: string): Promise<void> {
    const [tab] = await this.#contexts();
    await this.#command("browsingContext.navigate", { context: tab?.context, url, wait: "complete" });
  }

  /** Runs code as if the reader had pressed something, in the first page or frame whose address begins so. */
  async run(address: string, code: string): Promise<void> {
    const inside = (contexts: Context[]): Context | undefined =>
      contexts.find(({ url }) => url.startsWith(address)) ??
      contexts.map(({ children }) => inside(children ?? [])).find((found) => found !== undefined);
    const found = inside(await this.#contexts());
    if (!found) throw new Error(`nothing open begins with ${address}`);
    const outcome = (await this.#command("script.evaluate", {
      expression: code,
      target: { context: found.context },
      awaitPromise: true,
      userActivation: true,
    })) as { type: string; exceptionDetails?: { text: string } };
    if (outcome.type !== "success") throw new Error(outcome.exceptionDetails?.text ?? "the code failed");
  }

  /** The addresses of all tabs. */
  async tabs(): Promise<string[]> {
    return (await this.#contexts()).map(({ url }) => url);
  }

  async #contexts(): Promise<Context[]> {
    const tree = (await this.#command("browsingContext.getTree", {})) as { contexts: Context[] };
    return tree.contexts;
  }

  async #command(method: string, params: Record<string, unknown>): Promise<unknown> {
    const id = ++this.#commands;
    const answered = new Promise<Answer>((resolve) => this.#waiting.set(id, resolve));
    this.#socket.send(JSON.stringify({ id, method, params }));
    const answer = await answered;
    this.#waiting.delete(id);
    if (answer.type === "error") throw new Error(`${method}: ${answer.message}`);
    return answer.result;
  }
}

/** Where Firefox says that it listens. */
async function addressOf(running: ChildProcess): Promise<string> {
  let said = "";
  running.stderr?.on("data", (chunk: Buffer) => {
    said += chunk.toString();
  });
  const deadline = Date.now() + START_LIMIT_MS;
  while (Date.now() < deadline && running.exitCode === null) {
    const address = /WebDriver BiDi listening on (ws:\/\/\S+)/.exec(said)?.[1];
    if (address !== undefined) return address;
    await sleep(POLL_MS);
  }
  throw new Error(`Firefox did not start: ${said}`);
}

async function end(running: ChildProcess, profile: string): Promise<void> {
  if (running.exitCode === null && running.signalCode === null) {
    const ended = once(running, "exit");
    running.kill("SIGKILL");
    await ended;
  }
  await rm(profile, { recursive: true, force: true, maxRetries: 5 });
}
