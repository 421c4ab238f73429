import { createHash, randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** Resend's limits ("Send Batch Emails", "Idempotency Keys"). */
const BATCH_MAX_MAILS = 100;
const IDEMPOTENCY_KEY_MAX_CHARACTERS = 256;

/**
 * What goes wrong with the next request.
 * - `429`, `500`, `401`, `quota`: answered as Resend answers, nothing kept
 * - `domain`: 403, the sender's domain is not verified
 * - `sender`: 422, the sender's address is refused
 * - `sender-each`: 200 in which every mail is refused for its sender
 * - `nonsense`: 200 with a page of HTML, nothing kept
 * - `redirect`: 307 to where the mails would be taken, nothing kept
 * - `hang`: the request is read and never answered, nothing kept
 * - `cut-after-accept`: the mails are kept, the connection is reset without an answer
 * - `refused-connection`: the connection is reset before the request is read
 */
export type FailureMode =
  | "429"
  | "500"
  | "hang"
  | "cut-after-accept"
  | "nonsense"
  | "redirect"
  | "quota"
  | "401"
  | "domain"
  | "sender"
  | "sender-each"
  | "refused-connection";

export type AcceptedMail = {
  id: string;
  to: string;
  from: string;
  subject: string;
  html: string;
  text: string;
  headers: Record<string, string>;
  /** The idempotency key of the request, null when it had none. */
  key: string | null;
};

/** One request that arrived. `status` is null while unanswered and for ever when the connection was cut. */
export type SeenRequest = {
  method: string;
  path: string;
  key: string | null;
  mails: number;
  status: number | null;
};

export type FakeResendOptions = {
  /** The only bearer that is let in. */
  apiKey?: string;
  /** How long every answer takes: wide enough a window to see two requests with one key at once. */
  answerAfterMilliseconds?: number;
};

export type FakeResend = {
  /** What RESEND_BASE_URL must be. */
  readonly url: string;
  readonly apiKey: string;
  /** Every mail taken on, once each, in order. */
  readonly accepted: AcceptedMail[];
  readonly requests: SeenRequest[];
  /** The next `times` requests go wrong this way; calls queue up. `Infinity` until `recover()`. */
  fail(mode: FailureMode, times?: number): void;
  /** Forgets all failures still to come. */
  recover(): void;
  /** From now on mail to this address is invalid. */
  refuse(address: string): void;
  close(): Promise<void>;
};

type Answer = { status: number; headers?: Record<string, string>; body: unknown };
type Mail = Omit<AcceptedMail, "id" | "key">;
/** A null answer: the first request with the key is still in progress. */
type Remembered = { bodyHash: string; answer: Answer | null };

/** A server on this machine that speaks the part of Resend's HTTP API that sends mail. */
export async function startFakeResend(options: FakeResendOptions = {}): Promise<FakeResend> {
  const { apiKey = "re_fake", answerAfterMilliseconds = 0 } = options;
  const accepted: AcceptedMail[] = [];
  const requests: SeenRequest[] = [];
  const refusedAddresses = new Set<string>();
  const remembered = new Map<string, Remembered>();
  const failures: { mode: FailureMode; left: number }[] = [];

  function nextFailure(): FailureMode | null {
    const failure = failures[0];
    if (failure === undefined) return null;
    failure.left -= 1;
    if (failure.left <= 0) failures.shift();
    return failure.mode;
  }

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = request.url ?? "/";
    const key = headerOf(request, "idempotency-key");
    const seen: SeenRequest = { method: request.method ?? "", path, key, mails: 0, status: null };
    requests.push(seen);

    const failure = nextFailure();
    if (failure === "refused-connection") {
      request.socket.resetAndDestroy();
      return;
    }
    const body = await readBody(request);
    if (failure === "hang") return;

    const mails = parseMails(path, body);
    seen.mails = mails?.length ?? 0;
    const reply = (answer: Answer) => {
      seen.status = answer.status;
      send(response, answer);
    };
    if (failure !== null && failure !== "cut-after-accept") return reply(FAILURES[failure](seen.mails));

    const refusal = checkRequest(request, path, mails, key, apiKey);
    if (refusal !== null || mails === null) return reply(refusal ?? invalidBody());

    const bodyHash = createHash("sha256").update(path).update(body).digest("hex");
    const earlier = key === null ? undefined : remembered.get(key);
    if (earlier !== undefined && earlier.bodyHash !== bodyHash) {
      return reply(refuse(409, "invalid_idempotent_request", "This key was used with another body."));
    }
    if (earlier !== undefined) {
      if (earlier.answer === null) {
        return reply(
          refuse(409, "concurrent_idempotent_requests", "A request with this key is in progress."),
        );
      }
      if (failure === "cut-after-accept") request.socket.resetAndDestroy();
      else reply(earlier.answer);
      return;
    }

    if (key !== null) remembered.set(key, { bodyHash, answer: null });
    await new Promise((resolve) => setTimeout(resolve, answerAfterMilliseconds));
    const { answer, taken } = judge(mails, path, headerOf(request, "x-batch-validation"), refusedAddresses);
    for (const { id, mail } of taken) accepted.push({ id, ...mail, key });
    if (key !== null) {
      // Resend remembers what succeeded; a refused request may be corrected and sent under the same key.
      if (answer.status === 200) remembered.set(key, { bodyHash, answer });
      else remembered.delete(key);
    }
    if (failure === "cut-after-accept") request.socket.resetAndDestroy();
    else reply(answer);
  }

  const server = createServer((request, response) => {
    // A client that gave up in the middle of its request is no failure of ours.
    handle(request, response).catch(() => request.socket.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });

  return {
    url: `http://127.0.0.1:${portOf(server)}`,
    apiKey,
    accepted,
    requests,
    fail: (mode, times = 1) => {
      if (times > 0) failures.push({ mode, left: times });
    },
    recover: () => {
      failures.length = 0;
    },
    refuse: (address) => {
      refusedAddresses.add(address.toLowerCase());
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

const FAILURES: Record<
  Exclude<FailureMode, "hang" | "cut-after-accept" | "refused-connection">,
  (mails: number) => Answer
> = {
  "429": () => ({
    ...refuse(429, "rate_limit_exceeded", "Too many requests."),
    headers: { "retry-after": "1", "ratelimit-remaining": "0" },
  }),
  "500": () => refuse(500, "internal_server_error", "An unexpected error occurred."),
  "401": () => refuse(401, "restricted_api_key", "This API key may not send."),
  domain: () => refuse(403, "validation_error", "The example.org domain is not verified."),
  sender: () => refuse(422, "invalid_from_address", "Invalid `from` field."),
  "sender-each": (mails) => ({
    status: 200,
    body: {
      data: [],
      errors: Array.from({ length: mails }, (_, index) => ({ index, message: "Invalid `from` field." })),
    },
  }),
  quota: () => refuse(429, "daily_quota_exceeded", "You have reached your daily email sending quota."),
  nonsense: () => ({
    status: 200,
    headers: { "content-type": "text/html" },
    body: "<!doctype html><p>Welcome",
  }),
  redirect: () => ({ status: 307, headers: { location: "/emails/batch" }, body: "" }),
};

function checkRequest(
  request: IncomingMessage,
  path: string,
  mails: Mail[] | null,
  key: string | null,
  apiKey: string,
): Answer | null {
  const bearer = headerOf(request, "authorization");
  if (bearer === null) return refuse(401, "missing_api_key", "Missing API key.");
  if (bearer !== `Bearer ${apiKey}`) return refuse(403, "invalid_api_key", "API key is invalid.");
  if (path !== "/emails" && path !== "/emails/batch") return refuse(404, "not_found", "No such endpoint.");
  if (request.method !== "POST") return refuse(405, "method_not_allowed", "Only POST.");
  if (key !== null && (key === "" || key.length > IDEMPOTENCY_KEY_MAX_CHARACTERS)) {
    return refuse(400, "invalid_idempotency_key", "The key must have 1 to 256 characters.");
  }
  if (mails === null || mails.length === 0) return invalidBody();
  if (mails.length > BATCH_MAX_MAILS) return refuse(422, "validation_error", "At most 100 emails a batch.");
  return null;
}

/** Validates as Resend does: permissive takes the good ones, otherwise one bad mail fails all. */
function judge(
  mails: Mail[],
  path: string,
  validation: string | null,
  refusedAddresses: ReadonlySet<string>,
) {
  const errors: { index: number; message: string }[] = [];
  const taken: { id: string; mail: Mail }[] = [];
  for (const [index, mail] of mails.entries()) {
    const message = complaint(mail, refusedAddresses);
    if (message === null) taken.push({ id: randomUUID(), mail });
    else errors.push({ index, message });
  }
  const first = errors[0];
  if (first !== undefined && (path === "/emails" || validation !== "permissive")) {
    return { answer: refuse(422, "validation_error", first.message), taken: [] };
  }
  const data = taken.map(({ id }) => ({ id }));
  if (path === "/emails") return { answer: { status: 200, body: data[0] } satisfies Answer, taken };
  const body = validation === "permissive" ? { data, errors } : { data };
  return { answer: { status: 200, body } satisfies Answer, taken };
}

/** What is wrong with a mail; like Resend's own sentences it quotes the address. */
function complaint(mail: Mail, refusedAddresses: ReadonlySet<string>): string | null {
  const address = /<([^<>]*)>$/.exec(mail.to)?.[1] ?? mail.to;
  if (!/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(address) || refusedAddresses.has(address.toLowerCase())) {
    return `Invalid \`to\` field. The address ${mail.to} is not valid.`;
  }
  if (mail.from === "") return "Missing `from` field.";
  if (mail.subject === "") return "Missing `subject` field.";
  if (/[\r\n]/.test(mail.subject)) return "Invalid `subject` field.";
  if (mail.html === "" && mail.text === "") return "Missing `html` or `text` field.";
  return null;
}

function parseMails(path: string, body: string): Mail[] | null {
  try {
    const parsed: unknown = JSON.parse(body);
    const list = path === "/emails/batch" ? parsed : [parsed];
    return Array.isArray(list) ? list.map(parseMail) : null;
  } catch {
    return null;
  }
}

function parseMail(value: unknown): Mail {
  const fields: Record<string, unknown> = isRecord(value) ? value : {};
  const text = (field: unknown) => (typeof field === "string" ? field : "");
  const headers: Record<string, string> = {};
  if (isRecord(fields.headers)) {
    for (const [name, content] of Object.entries(fields.headers)) headers[name] = text(content);
  }
  return {
    to: text(Array.isArray(fields.to) ? fields.to[0] : fields.to),
    from: text(fields.from),
    subject: text(fields.subject),
    html: text(fields.html),
    text: text(fields.text),
    headers,
  };
}

function invalidBody(): Answer {
  return refuse(422, "validation_error", "The body is not what this endpoint takes.");
}

function refuse(status: number, name: string, message: string): Answer {
  return { status, body: { statusCode: status, name, message } };
}

function send(response: ServerResponse, answer: Answer): void {
  const body = typeof answer.body === "string" ? answer.body : JSON.stringify(answer.body);
  response.writeHead(answer.status, {
    "content-type": "application/json",
    "ratelimit-limit": "5",
    "ratelimit-remaining": "4",
    "ratelimit-reset": "1",
    ...answer.headers,
  });
  response.end(body);
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString("utf8");
}

function headerOf(request: IncomingMessage, name: string): string | null {
  const value = request.headers[name];
  return typeof value === "string" ? value : null;
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
