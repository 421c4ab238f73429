import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { isIP } from "node:net";
import { z } from "zod";

/** The port the site listens on unless PORT is set. */
const DEFAULT_PORT = 3000;
const PORT_MAX = 65_535;
/**
 * Backups run every six hours, so one may fail before the desk warns.
 * A value above the maximum is a typing error.
 */
const BACKUP_AGE_HOURS = 13;
const BACKUP_AGE_MAX_HOURS = 8_760;
/** Length of a data key in bytes (AES-256). */
const DATA_KEY_BYTES = 32;
/** The shortest secret accepted, in characters. 32 random bytes in hexadecimal or base64 are longer. */
const SECRET_MIN_CHARACTERS = 32;
/** More proxies than this in front of a site is a typing error. */
const PROXY_HOPS_MAX = 10;
const DEMONSTRATION_MAIL_FROM = "Halt the Expulsions <petition@example.org>";
const DEMONSTRATION_ORGANISATION = "Demonstration Organisation";

/** A key that encrypts personal data. `id` is stored beside what it encrypted. */
export type DataKey = { id: string; key: Buffer };

/** The environment's settings, validated and in the form the code needs. */
export type Settings = {
  production: boolean;
  /** Null only if there is no database at all, as during a build. */
  databaseUrl: string | null;
  /**
   * Bypasses a pooler so that changes arrive at once (LISTEN).
   * If null, tries `databaseUrl` and polls if that fails.
   */
  databaseDirectUrl: string | null;
  /** True unless the operator provides the database: the starting script runs one, or there is none. */
  embeddedDatabase: boolean;
  resendApiKey: string | null;
  /** If null, Resend's own address. */
  resendBaseUrl: string | null;
  /** One secret, or several joined by commas during rotation. If null, the webhook answers 503. */
  resendWebhookSecret: string | null;
  mailFrom: string;
  /** Origin without a trailing slash, for example `https://campaign.org`. */
  siteUrl: string;
  organisationName: string;
  /**
   * True unless MAIL_FROM, SITE_URL and ORGANISATION_NAME are all set.
   * The site then says that it is a demonstration.
   */
  demonstration: boolean;
  /**
   * True in a demonstration: public figures are exact and update at once, since nobody there is in danger.
   */
  figuresAtOnce: boolean;
  nextAuthSecret: string;
  tokenSecret: string;
  /** Newest first, never empty: the first encrypts, all decrypt. */
  dataKeys: DataKey[];
  /** How many proxies in front of us write X-Forwarded-For. With 0, forwarded headers are ignored. */
  trustedProxyHops: number;
  /** True if mail is sent through a provider, by this process or by a separate worker (MAIL_PROVIDER). */
  mailProvider: boolean;
  /** True if mail stays here and can be read at /dev/mailbox, from this machine only. */
  mailboxEnabled: boolean;
  /** If null, the metrics endpoint answers 404. */
  metricsToken: string | null;
  /**
   * OTLP endpoint for traces and metrics; null for none.
   * OpenTelemetry reads the other OTEL_* variables itself.
   */
  telemetryEndpoint: string | null;
  /** True if the operator's own network may carry database and telemetry traffic unencrypted. */
  plaintextInside: boolean;
  /**
   * How old the newest backup may be before the desk warns, in
   * hours. 0 means that backups are made by other means.
   */
  backupMaxAgeHours: number;
  /** The PostgreSQL role that serves, if another applies migrations. If null, one role does both. */
  servingRole: string | null;
  /** The address that the web server listens on; null means loopback only. */
  host: string | null;
  port: number;
};

export type SettingsReading = { ok: true; settings: Settings } | { ok: false; problems: string[] };

type Environment = Readonly<Record<string, string | undefined>>;

/** IPv4 first: not every machine has IPv6. */
const LOOPBACK_ADDRESSES = ["127.0.0.1", "::1"];
const LOCAL_HOSTS = new Set(["localhost", "127.0.0.1", "[::1]", "::1"]);
/** The PostgreSQL `sslmode` values that encrypt or refuse to connect. */
const ENCRYPTED_SSL_MODES = new Set(["require", "verify-ca", "verify-full"]);
const MAIL_FROM_FORM = /^(?:[^<>\r\n]*<([^<>\s]+)>|([^<>\s]+))$/;

function parsedUrl(value: string): URL | null {
  return URL.canParse(value) ? new URL(value) : null;
}

function isSecureOrLocal(value: string): boolean {
  const url = parsedUrl(value);
  return url?.protocol === "https:" || (url?.protocol === "http:" && LOCAL_HOSTS.has(url.hostname));
}

function isOrigin(value: string): boolean {
  const url = parsedUrl(value);
  return url !== null && url.pathname === "/" && url.search === "" && url.hash === "" && url.username === "";
}

function isMailFrom(value: string): boolean {
  const match = MAIL_FROM_FORM.exec(value);
  return z.email().safeParse(match?.[1] ?? match?.[2] ?? "").success;
}

function isPostgresUrl(value: string): boolean {
  const url = parsedUrl(value);
  return url?.protocol === "postgresql:" || url?.protocol === "postgres:";
}

/**
 * Returns the addresses to listen on for `host`; both loopback addresses if it is null. The first must exist.
 */
export function listenAddresses(host: string | null): readonly string[] {
  return host === null ? LOOPBACK_ADDRESSES : [host];
}

function withoutFinalSlash(value: string): string {
  return value.replace(/\/$/, "");
}

const secret = z
  .string()
  .min(
    SECRET_MIN_CHARACTERS,
    `must have at least ${SECRET_MIN_CHARACTERS} characters, for example the output of: openssl rand -base64 32`,
  );

const flag = z
  .enum(["0", "1"], "must be 1 (yes) or 0 (no), for example 1")
  .transform((value) => value === "1")
  .default(false);

function wholeNumber(minimum: number, maximum: number, example: number) {
  const rule = `must be a whole number from ${minimum} to ${maximum}, for example ${example}`;
  return z
    .string()
    .regex(/^\d{1,9}$/, { error: rule, abort: true })
    .transform(Number)
    .pipe(z.number().min(minimum, rule).max(maximum, rule));
}

/** Parses `id:base64` pairs into keys. Errors name a pair's position, never its content. */
const dataKeys = z.string().transform((value, context): DataKey[] => {
  const keys: DataKey[] = [];
  const fault = (message: string): DataKey[] => {
    context.addIssue({ code: "custom", message, input: null });
    return z.NEVER;
  };
  for (const [index, pair] of value.split(",").entries()) {
    const [, id, encoded] = /^([A-Za-z0-9_-]{1,16}):([A-Za-z0-9+/_-]+={0,2})$/.exec(pair.trim()) ?? [];
    if (id === undefined || encoded === undefined) {
      return fault(`has no id:base64 pair in place ${index + 1}, for example k1:$(openssl rand -base64 32)`);
    }
    const key = Buffer.from(encoded, "base64");
    if (key.length !== DATA_KEY_BYTES) {
      return fault(
        `has a key of ${key.length} bytes in place ${index + 1}: it must have ${DATA_KEY_BYTES}, for example k1:$(openssl rand -base64 32)`,
      );
    }
    if (keys.some((earlier) => earlier.id === id)) {
      return fault(
        `names the same key id twice, in place ${index + 1}: each must differ, for example k2:…,k1:…`,
      );
    }
    keys.push({ id, key });
  }
  return keys;
});

const SECURE_RULE = "must begin with https://, for example";

const environmentSchema = z.object({
  NODE_ENV: z
    .enum(
      ["production", "development", "test"],
      "must be production, development or test, for example production",
    )
    .default("development"),
  DATABASE_URL: z
    .string()
    .refine(
      isPostgresUrl,
      "must begin with postgresql://, for example postgresql://petition:PASSWORD@db.internal:5432/petition",
    )
    .optional(),
  DATABASE_DIRECT_URL: z
    .string()
    .refine(
      isPostgresUrl,
      "must begin with postgresql://, for example postgresql://petition:PASSWORD@db.internal:5432/petition",
    )
    .optional(),
  EMBEDDED_DATABASE: flag,
  RESEND_API_KEY: z
    .string()
    .regex(/^\S{8,}$/, "must have at least 8 characters and no white space, for example re_123456789")
    .optional(),
  RESEND_BASE_URL: z
    .string()
    .refine(isSecureOrLocal, `${SECURE_RULE} https://api.resend.com`)
    .transform(withoutFinalSlash)
    .optional(),
  RESEND_WEBHOOK_SECRET: z
    .string()
    .regex(
      /^whsec_[A-Za-z0-9+/=]{16,}(,whsec_[A-Za-z0-9+/=]{16,})*$/,
      "must begin with whsec_, for example whsec_ and what Resend shows after it (two with a comma while changing over)",
    )
    .optional(),
  MAIL_PROVIDER: z.enum(["resend"], "must be resend, for example resend").optional(),
  MAIL_FROM: z
    .string()
    .refine(
      isMailFrom,
      "must be an address with or without a name, for example Campaign <petition@campaign.org>",
    )
    .optional(),
  SITE_URL: z
    .string()
    .refine(isSecureOrLocal, { error: `${SECURE_RULE} https://campaign.org`, abort: true })
    .refine(isOrigin, "must name a host and nothing after it, for example https://campaign.org")
    .transform(withoutFinalSlash)
    .optional(),
  ORGANISATION_NAME: z
    .string()
    .trim()
    .min(2, "must have 2 to 100 characters, for example Human Rights Forum")
    .max(100, "must have 2 to 100 characters, for example Human Rights Forum")
    .optional(),
  NEXTAUTH_SECRET: secret.optional(),
  TOKEN_SECRET: secret.optional(),
  DATA_KEYS: dataKeys.optional(),
  TRUSTED_PROXY_HOPS: wholeNumber(0, PROXY_HOPS_MAX, 1).default(0),
  DEV_MAILBOX: flag,
  METRICS_TOKEN: z
    .string()
    .regex(
      /^\S{16,}$/,
      "must have at least 16 characters and no white space, for example the output of: openssl rand -hex 16",
    )
    .optional(),
  OTEL_EXPORTER_OTLP_ENDPOINT: z
    .url({
      protocol: /^https?$/,
      error: "must begin with http:// or https://, for example http://localhost:4318",
    })
    .optional(),
  PLAINTEXT_INSIDE: flag,
  DATABASE_SERVING_ROLE: z
    .string()
    .regex(
      /^[a-z_][a-z0-9_]{0,62}$/,
      "must be the name of a role in small letters, digits and _, for example petition",
    )
    .optional(),
  BACKUP_MAX_AGE_HOURS: wholeNumber(0, BACKUP_AGE_MAX_HOURS, BACKUP_AGE_HOURS).default(BACKUP_AGE_HOURS),
  HOST: z
    .string()
    .refine(
      (value) => value === "localhost" || isIP(value) !== 0,
      "must be an IP address of this machine, for example 0.0.0.0 for all of them",
    )
    .transform((value) => (value === "localhost" ? null : value))
    .optional(),
  PORT: wholeNumber(1, PORT_MAX, DEFAULT_PORT).default(DEFAULT_PORT),
});

/** Never shown, not even in part. Includes the database URLs, which contain a password. */
const SECRET_NAMES: ReadonlySet<string> = new Set([
  "DATABASE_URL",
  "DATABASE_DIRECT_URL",
  "RESEND_API_KEY",
  "RESEND_WEBHOOK_SECRET",
  "NEXTAUTH_SECRET",
  "TOKEN_SECRET",
  "DATA_KEYS",
  "METRICS_TOKEN",
]);

/** Secrets that must be set whenever there is a database, because what they protect outlives the process. */
export const LASTING_SECRETS = ["NEXTAUTH_SECRET", "TOKEN_SECRET", "DATA_KEYS"] as const;
export type LastingSecret = (typeof LASTING_SECRETS)[number];

const LASTING_SECRET_EXAMPLES = {
  NEXTAUTH_SECRET: "the output of: openssl rand -base64 32",
  TOKEN_SECRET: "the output of: openssl rand -base64 32",
  DATA_KEYS: "k1:$(openssl rand -base64 32)",
} as const satisfies Record<LastingSecret, string>;

/** Treats empty variables as unset, which is what operators and container files usually mean. */
function withoutEmpty(env: Environment): Environment {
  return Object.fromEntries(
    Object.entries(env).filter(([, value]) => value !== undefined && value.trim() !== ""),
  );
}

/**
 * Reads secrets from files: `NAME_FILE` is the path of a file whose
 * content is NAME, as container engines and systemd pass secrets.
 * Works for secrets only. Strips a line feed at the end of the file.
 * @returns the environment with NAME in place of NAME_FILE,
 *   and one line for each file that could not be used.
 */
export function withSecretsFromFiles(env: Environment): { env: Environment; problems: string[] } {
  const taken: Record<string, string | undefined> = { ...env };
  const problems: string[] = [];
  for (const name of SECRET_NAMES) {
    const fileName = `${name}_FILE`;
    const file = env[fileName]?.trim();
    delete taken[fileName];
    if (!file) continue;
    if (env[name]?.trim()) {
      problems.push(`${fileName} is ${JSON.stringify(file)}: it must be unset while ${name} is set`);
      continue;
    }
    try {
      taken[name] = readFileSync(file, "utf8").replace(/\r?\n$/, "");
    } catch (error) {
      const why = error instanceof Error && "code" in error ? String(error.code) : "unknown";
      problems.push(
        `${fileName} is ${JSON.stringify(file)}: it must be a file that can be read (${why}), for example /run/secrets/${name.toLowerCase()}`,
      );
    }
  }
  return { env: taken, problems };
}

/** Returns every variable that settings are read from, including those that name a secret's file. */
export function settingNames(): string[] {
  return [...Object.keys(environmentSchema.shape), ...[...SECRET_NAMES].map((name) => `${name}_FILE`)];
}

function databaseHost(databaseUrl: string): string {
  const url = parsedUrl(databaseUrl);
  // Like `pg`: a host or socket folder may be given in the query string.
  return url?.searchParams.get("host") ?? url?.hostname ?? "";
}

function isThisMachine(host: string): boolean {
  return host === "" || host.startsWith("/") || LOCAL_HOSTS.has(host);
}

/**
 * Lists connections to other machines that would not be encrypted, one line each with how to fix it.
 * Empty if there are none, or if PLAINTEXT_INSIDE says that the operator trusts the network.
 */
export function unencryptedConnections({
  databaseUrl,
  databaseDirectUrl,
  telemetryEndpoint,
  plaintextInside,
}: Pick<Settings, "databaseUrl" | "databaseDirectUrl" | "telemetryEndpoint" | "plaintextInside">): string[] {
  if (plaintextInside) return [];
  const problems: string[] = [];
  for (const [name, url] of [
    ["DATABASE_URL", databaseUrl],
    ["DATABASE_DIRECT_URL", databaseDirectUrl],
  ] as const) {
    if (url === null || isThisMachine(databaseHost(url))) continue;
    if (!ENCRYPTED_SSL_MODES.has(parsedUrl(url)?.searchParams.get("sslmode") ?? ""))
      problems.push(
        `${name} is wrong: it must encrypt to another machine, for example by ?sslmode=verify-full&sslrootcert=FILE behind it (PLAINTEXT_INSIDE=1 accepts the network as it is)`,
      );
  }
  if (telemetryEndpoint !== null && !isSecureOrLocal(telemetryEndpoint))
    problems.push(
      `OTEL_EXPORTER_OTLP_ENDPOINT is ${JSON.stringify(telemetryEndpoint)}: it must encrypt to another machine, for example https://collector.internal:4318 (PLAINTEXT_INSIDE=1 accepts the network as it is)`,
    );
  return problems;
}

function problemLine(name: string, value: string | undefined, message: string): string {
  if (SECRET_NAMES.has(name)) {
    return message.startsWith("has ") || message.startsWith("names ")
      ? `${name} ${message}`
      : `${name} is wrong: it ${message}`;
  }
  // JSON quoting keeps a line feed in the value from splitting the line.
  return `${name} is ${JSON.stringify(value ?? "")}: it ${message}`;
}

/**
 * Reads the settings from an environment, and secrets from the
 * files it names. Changes nothing and prints nothing.
 * @returns the settings, or one line per problem with the variable,
 *   what is wrong and an example; never the value of a secret.
 */
export function readSettings(env: Environment): SettingsReading {
  const fromFiles = withSecretsFromFiles(env);
  const given = withoutEmpty(fromFiles.env);
  const parsed = environmentSchema.safeParse(given);
  const problems = [...fromFiles.problems];
  for (const issue of parsed.error?.issues ?? []) {
    const name = String(issue.path[0] ?? "");
    problems.push(problemLine(name, given[name], issue.message));
  }
  if (given.DATABASE_URL !== undefined) {
    for (const name of LASTING_SECRETS) {
      if (given[name] === undefined) {
        problems.push(
          `${name} is unset: it must be set when DATABASE_URL is, for example ${LASTING_SECRET_EXAMPLES[name]}`,
        );
      }
    }
  }
  if (!parsed.success || problems.length > 0) return { ok: false, problems };

  const values = parsed.data;
  const databaseByOperator = values.DATABASE_URL !== undefined && !values.EMBEDDED_DATABASE;
  const demonstration =
    values.MAIL_FROM === undefined || values.SITE_URL === undefined || values.ORGANISATION_NAME === undefined;
  const mailProvider = values.RESEND_API_KEY !== undefined || values.MAIL_PROVIDER !== undefined;
  // Without a database, nothing outlives the process, so secrets made for this process are enough.
  const passing = () => randomBytes(DATA_KEY_BYTES);
  return {
    ok: true,
    settings: {
      production: values.NODE_ENV === "production",
      databaseUrl: values.DATABASE_URL ?? null,
      databaseDirectUrl: values.DATABASE_DIRECT_URL ?? null,
      embeddedDatabase: !databaseByOperator,
      resendApiKey: values.RESEND_API_KEY ?? null,
      resendBaseUrl: values.RESEND_BASE_URL ?? null,
      resendWebhookSecret: values.RESEND_WEBHOOK_SECRET ?? null,
      mailFrom: values.MAIL_FROM ?? DEMONSTRATION_MAIL_FROM,
      siteUrl: values.SITE_URL ?? `http://localhost:${values.PORT}`,
      organisationName: values.ORGANISATION_NAME ?? DEMONSTRATION_ORGANISATION,
      demonstration,
      figuresAtOnce: demonstration,
      nextAuthSecret: values.NEXTAUTH_SECRET ?? passing().toString("base64"),
      tokenSecret: values.TOKEN_SECRET ?? passing().toString("base64"),
      dataKeys: values.DATA_KEYS ?? [{ id: "passing", key: passing() }],
      trustedProxyHops: values.TRUSTED_PROXY_HOPS,
      mailProvider,
      mailboxEnabled: !mailProvider && (values.DEV_MAILBOX || (demonstration && !databaseByOperator)),
      metricsToken: values.METRICS_TOKEN ?? null,
      telemetryEndpoint: values.OTEL_EXPORTER_OTLP_ENDPOINT ?? null,
      plaintextInside: values.PLAINTEXT_INSIDE,
      backupMaxAgeHours: values.BACKUP_MAX_AGE_HOURS,
      servingRole: values.DATABASE_SERVING_ROLE ?? null,
      host: values.HOST ?? null,
      port: values.PORT,
    },
  };
}

let remembered: Settings | undefined;

/**
 * Returns this process's settings, read once.
 * @throws an error whose message has one line for each wrong variable.
 */
export function settings(): Settings {
  if (remembered === undefined) {
    const reading = readSettings(process.env);
    if (!reading.ok) throw new Error(reading.problems.join("\n"));
    remembered = reading.settings;
  }
  return remembered;
}
