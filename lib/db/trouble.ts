/** Kinds of database trouble, distinguished by what an operator has to do. */
export type TroubleKind = (typeof TROUBLES)[number]["kind"];

/** PostgreSQL's codes, but not Prisma's. */
const SQLSTATE = /^(?!P[1-9])[0-9A-Z]{5}$/;
/** Messages that only PostgreSQL's driver uses, for errors without a code. */
const DRIVERS_OWN =
  /^timeout exceeded when trying to connect$|^Query read timeout$|^Connection terminated|^Client has encountered a connection error/;
/** How many levels of wrapped errors are searched. */
const DEPTH_MAX = 5;

export type Trouble = {
  kind: TroubleKind;
  /** SQLSTATE, or a code from the system, TLS or Prisma; the kind if there is no code. */
  code: string;
  /** What is wrong and what to do. Never quotes the error. */
  words: string;
  /** True while nobody can sign: the site answers 503. */
  unavailable: boolean;
};

/** The oldest PostgreSQL that the migrations and queries work with. */
const OLDEST_POSTGRES_MAJOR = 15;

/** The server is older than we support. */
class ServerTooOld extends Error {
  readonly code = "server-too-old";
}

/** The database's migrations are not ours: they do not begin with our first. */
export class OtherHistory extends Error {
  readonly code = "other-history";
}

type Description = {
  kind: string;
  /** Codes from PostgreSQL (SQLSTATE), Node.js, OpenSSL or Prisma. */
  codes: RegExp;
  /** For errors without a code of their own: the driver's, and most of pgbouncer's (all are 08P01). */
  messages?: RegExp;
  words: string;
  unavailable: boolean;
};

/** The first match wins. A pooler passes an error on as text under a code of its own, so texts come first. */
const TROUBLES = [
  {
    kind: "too-many-connections",
    codes: /^(53300|P2037)$/,
    messages: /no more connections allowed|too many clients already|TooManyConnections/i,
    words:
      "has no connection left for us: raise max_connections (pgbouncer: max_client_conn and default_pool_size), or run fewer processes",
    unavailable: true,
  },
  {
    kind: "wrong-password",
    codes: /^28P01$/,
    messages: /password authentication failed|SASL authentication failed|client password must be a string/i,
    words:
      "refuses the role or password of DATABASE_URL: put the right ones there, or set them with deploy/setup.sh",
    unavailable: true,
  },
  {
    kind: "tls-refused",
    codes: /^$/,
    messages: /server does not support SSL connections|SSL required|SSL off/i,
    words:
      "and DATABASE_URL do not agree on TLS: turn TLS on in PostgreSQL (ssl = on) or the pooler (client_tls_sslmode), and end DATABASE_URL with ?sslmode=verify-full&sslrootcert=FILE",
    unavailable: true,
  },
  {
    kind: "tls-certificate",
    codes:
      /^(DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_\w+|CERT_\w+|ERR_TLS_\w+|ERR_SSL_\w+|ERR_OSSL_\w+|EPROTO)$/,
    messages: /TlsConnectionError/,
    words:
      "shows a certificate that is not trusted: sslrootcert in DATABASE_URL must name the CA that signed it, and the host in DATABASE_URL must be the certificate's own; see that it has not expired",
    unavailable: true,
  },
  {
    kind: "no-entry",
    codes: /^28000$/,
    messages: /no pg_hba\.conf entry|no such user/i,
    words:
      "lets this role in from here in no way: make the role with deploy/setup.sh, and give it a line in pg_hba.conf (pgbouncer: in auth_file); where that line says hostssl, DATABASE_URL needs ?sslmode=verify-full",
    unavailable: true,
  },
  {
    kind: "unknown-database",
    codes: /^(3D000|P1003)$/,
    messages: /no such database|database "[^"]*" does not exist/i,
    words:
      "server has no database of the name in DATABASE_URL: make it with deploy/setup.sh, or correct the name",
    unavailable: true,
  },
  {
    kind: "pooler-parameter",
    codes: /^$/,
    messages: /unsupported startup parameter/i,
    words:
      "pooler refuses our limits: add ignore_startup_parameters = statement_timeout,idle_in_transaction_session_timeout to pgbouncer.ini",
    unavailable: true,
  },
  {
    kind: "pooler-wait",
    codes: /^$/,
    messages: /query_wait_timeout/i,
    words:
      "pooler had no session for us in time: see that PostgreSQL runs and that pgbouncer.ini has its address, else raise default_pool_size there",
    unavailable: true,
  },
  {
    kind: "pooler-without-server",
    codes: /^$/,
    messages: /server login (has been failing|failed)|server_login_retry|cannot connect to server|pgbouncer/i,
    words:
      "is out of the pooler's reach: see that PostgreSQL runs and that pgbouncer.ini has its address and password",
    unavailable: true,
  },
  {
    kind: "server-too-old",
    codes: /^server-too-old$/,
    words: `is older than PostgreSQL ${OLDEST_POSTGRES_MAJOR}: upgrade it`,
    unavailable: false,
  },
  {
    kind: "refused",
    codes: /^ECONNREFUSED$/,
    words:
      "is not there: nothing listens at the host and port of DATABASE_URL; start PostgreSQL or correct them",
    unavailable: true,
  },
  {
    // Our own files can be missing for other reasons: `toldBy`
    // sets this code only for files needed to connect.
    kind: "missing-file",
    codes: /^missing-file$/,
    words:
      "cannot be asked: DATABASE_URL names a file (sslrootcert) or socket that cannot be read; correct it",
    unavailable: true,
  },
  {
    kind: "unknown-host",
    codes: /^(ENOTFOUND|EAI_AGAIN|EAI_NODATA|EAI_NONAME)$/,
    words: "has an unknown host: the name in DATABASE_URL leads nowhere; correct it, or mend the resolver",
    unavailable: true,
  },
  {
    kind: "no-answer",
    codes: /^(ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|EHOSTDOWN|P1001|P1002|P1008|P2024)$/,
    messages:
      /^timeout expired$|timeout exceeded when trying to connect|due to connection timeout|Query read timeout|SocketTimeout/,
    words:
      "does not answer in time: see that it runs and is not overloaded, and that no firewall stands between (DATABASE_URL has its host and port)",
    unavailable: true,
  },
  {
    kind: "starting-or-stopping",
    codes: /^57P0[1235]$/,
    messages: /the database system is|is not currently accepting connections/,
    words: "is starting or stopping: wait; it is tried again",
    unavailable: true,
  },
  {
    kind: "disk-full",
    codes: /^53100$/,
    words: "has no room left on its disk: make room at once, nothing can be kept",
    unavailable: true,
  },
  {
    kind: "out-of-resources",
    codes: /^(53000|53200|53400)$/,
    words: "is out of memory or another resource: see its log",
    unavailable: true,
  },
  {
    kind: "read-only",
    codes: /^25006$/,
    words:
      "takes no changes: DATABASE_URL leads to a standby, or PostgreSQL was set to read only; name the primary",
    unavailable: true,
  },
  {
    kind: "no-rights",
    codes: /^42501$/,
    words:
      "does not give the role of DATABASE_URL the rights it needs: run npm run migrate with the owner's DATABASE_URL and DATABASE_SERVING_ROLE",
    unavailable: false,
  },
  {
    kind: "not-migrated",
    codes: /^(42P01|42703|42883|P2021|P2022)$/,
    words: "lacks a table or column: run npm run migrate",
    unavailable: false,
  },
  {
    kind: "other-history",
    codes: /^other-history$/,
    words:
      "has had other migrations than ours: nothing was changed. To start afresh, move the folder .data away, or let DATABASE_URL name an empty database",
    unavailable: false,
  },
  {
    kind: "too-slow",
    codes: /^(57014|55P03)$/,
    messages: /statement timeout/,
    words: "took too long and was stopped: see what else it does (pg_stat_activity)",
    unavailable: true,
  },
  {
    kind: "connection-lost",
    codes: /^(ECONNRESET|EPIPE|P1017|08[0-9A-Z]{3})$/,
    messages:
      /Connection terminated|encountered a connection error|ConnectionClosed|server closed the connection|server conn crashed/,
    words: "ended the connection: see its log, and the pooler's; it is tried again",
    unavailable: true,
  },
] as const satisfies readonly Description[];

/**
 * Classifies a database error from PostgreSQL, the driver, pgbouncer or Prisma, including errors they wrap.
 * @returns null for any other error.
 */
export function troubleOf(error: unknown): Trouble | null {
  const told = toldBy(error);
  for (const { codes, messages, kind, words, unavailable } of TROUBLES as readonly (Description & {
    kind: TroubleKind;
  })[]) {
    const code = told.codes.find((each) => codes.test(each));
    const byText = messages !== undefined && told.messages.some((text) => messages.test(text));
    if (code !== undefined || byText)
      return {
        kind,
        code: code ?? told.codes.find((each) => SQLSTATE.test(each)) ?? kind,
        words,
        unavailable,
      };
  }
  return null;
}

/** Formats one line for people: what is wrong, the code in brackets, and what to do. */
export function troubleLine({ words, code }: Pick<Trouble, "words" | "code">): string {
  const [what = "", ...toDo] = words.split(": ");
  return `The database ${what} (${code})${toDo.length > 0 ? `: ${toDo.join(": ")}` : ""}`;
}

/**
 * Throws ServerTooOld if the server is below a major version.
 * @param versionNumber PostgreSQL's `server_version_num`.
 */
export function refuseOldServer(versionNumber: number, oldestMajor = OLDEST_POSTGRES_MAJOR): void {
  if (versionNumber < oldestMajor * 10_000)
    throw new ServerTooOld(`PostgreSQL ${Math.floor(versionNumber / 10_000)} is older than ${oldestMajor}`);
}

type Told = { codes: string[]; messages: string[]; names: string[] };

/**
 * Returns whether an error certainly comes from the database.
 * A bare ECONNREFUSED may come from a mail provider.
 */
export function isOfDatabase(error: unknown): boolean {
  return toldBy(error).names.some((name) =>
    /^(Prisma|DriverAdapterError|ConnectionFailed|PostgresError)/.test(name),
  );
}

/** Returns an error's code, preferring a PostgreSQL code nested inside it; undefined if there is none. */
export function codeOf(error: unknown): string | undefined {
  const { codes } = toldBy(error);
  return codes.find((each) => SQLSTATE.test(each)) ?? codes.at(-1);
}

/**
 * Collects codes and messages of an error and of those it
 * wraps, innermost first: Prisma nests PostgreSQL's deeply.
 */
function toldBy(error: unknown, depth = 0): Told {
  const told: Told = { codes: [], messages: [], names: [] };
  if (typeof error !== "object" || error === null || depth > DEPTH_MAX) return told;
  const fields = error as Record<string, unknown>;
  const { cause, meta, driverAdapterError, errors } = fields;
  for (const inner of [cause, meta, driverAdapterError, ...(Array.isArray(errors) ? errors : [])]) {
    const { codes, messages, names } = toldBy(inner, depth + 1);
    told.codes.push(...codes);
    told.messages.push(...messages);
    told.names.push(...names);
  }
  const texts = (...names: string[]) =>
    names.map((name) => fields[name]).filter((value) => typeof value === "string");
  told.codes.push(...texts("code", "originalCode"));
  told.messages.push(...texts("name", "message", "kind", "originalMessage", "reason"));
  told.names.push(...texts("name"));
  if (texts("message").some((text) => DRIVERS_OWN.test(text))) told.names.push("ConnectionFailed");
  // The driver sets a severity on errors that PostgreSQL or a pooler sent.
  if (typeof fields.severity === "string" && texts("code").some((code) => SQLSTATE.test(code)))
    told.names.push("PostgresError");
  // Prisma drops the code of both errors; an unresolved host has no port yet.
  if (fields.kind === "DatabaseNotReachable")
    told.codes.push(fields.port === undefined ? "ENOTFOUND" : "ECONNREFUSED");
  const ofConnection = fields.syscall === "connect" || String(fields.stack).includes("pg-connection-string");
  if (fields.code === "ENOENT" && (ofConnection || told.names.some((each) => each.startsWith("Prisma"))))
    told.codes.push("missing-file");
  return told;
}
