import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  listenAddresses,
  readSettings,
  type Settings,
  settingNames,
  unencryptedConnections,
  withSecretsFromFiles,
} from "@/lib/settings";
import { misspelt } from "@/scripts/support/misspelt";

const KEY = Buffer.alloc(32, 7).toString("base64");
const OLDER_KEY = Buffer.alloc(32, 8).toString("base64");
const SECRETS = {
  NEXTAUTH_SECRET: "n".repeat(32),
  TOKEN_SECRET: "t".repeat(32),
  DATA_KEYS: `k1:${KEY}`,
};
const OPERATOR_DATABASE = { ...SECRETS, DATABASE_URL: "postgresql://petition:hunter2@db.internal/petition" };
const EMBEDDED = { ...OPERATOR_DATABASE, EMBEDDED_DATABASE: "1" };

function accepted(env: Record<string, string>): Settings {
  const reading = readSettings(env);
  if (!reading.ok) throw new Error(reading.problems.join("\n"));
  return reading.settings;
}

function problems(env: Record<string, string>): string[] {
  const reading = readSettings(env);
  return reading.ok ? [] : reading.problems;
}

describe("an empty environment", () => {
  test("is a demonstration on localhost with a readable mailbox", () => {
    expect(accepted({})).toMatchObject({
      siteUrl: "http://localhost:3000",
      demonstration: true,
      mailboxEnabled: true,
      trustedProxyHops: 0,
      databaseUrl: null,
      host: null,
      port: 3000,
    });
  });

  test("names the chosen port in the site's address", () => {
    expect(accepted({ PORT: "4010" }).siteUrl).toBe("http://localhost:4010");
  });

  test("counts an empty variable as unset", () => {
    expect(accepted({ SITE_URL: "", RESEND_API_KEY: " " })).toMatchObject({
      resendApiKey: null,
      demonstration: true,
    });
  });
});

describe("the demonstration notice", () => {
  const own = {
    MAIL_FROM: "Campaign <petition@campaign.org>",
    SITE_URL: "https://campaign.org/",
    ORGANISATION_NAME: "Forum",
  };

  test("goes away when sender, address and organisation are all set", () => {
    expect(accepted(own)).toMatchObject({ demonstration: false, siteUrl: "https://campaign.org" });
  });

  test.each(Object.keys(own))("stays while %s is unset", (name) => {
    expect(accepted({ ...own, [name]: "" }).demonstration).toBe(true);
  });
});

describe("the mailbox can be read", () => {
  const own = {
    MAIL_FROM: "petition@campaign.org",
    SITE_URL: "https://campaign.org",
    ORGANISATION_NAME: "Forum",
  };

  test("in a demonstration, which runs its database itself", () => {
    expect(accepted(EMBEDDED).mailboxEnabled).toBe(true);
  });

  test.each([
    ["by an organisation", { ...EMBEDDED, ...own }],
    ["with the operator's database", OPERATOR_DATABASE],
    ["by a web process in production", { ...OPERATOR_DATABASE, ...own, NODE_ENV: "production" }],
  ])("%s only when asked for", (_, env) => {
    expect(accepted(env).mailboxEnabled).toBe(false);
    expect(accepted({ ...env, DEV_MAILBOX: "1" }).mailboxEnabled).toBe(true);
  });

  test.each([{ RESEND_API_KEY: "re_12345678" }, { MAIL_PROVIDER: "resend" }])(
    "never once mail goes out: %j",
    (provider) => {
      expect(accepted({ ...EMBEDDED, ...provider, DEV_MAILBOX: "1" })).toMatchObject({
        mailboxEnabled: false,
        mailProvider: true,
      });
    },
  );
});

describe("the web server listens", () => {
  test("on loopback unless HOST names an address of this machine", () => {
    expect(listenAddresses(accepted({}).host)).toEqual(["127.0.0.1", "::1"]);
    expect(listenAddresses(accepted({ HOST: "localhost" }).host)).toEqual(["127.0.0.1", "::1"]);
    for (const address of ["0.0.0.0", "::", "10.1.2.3"])
      expect(listenAddresses(accepted({ HOST: address }).host)).toEqual([address]);
  });
});

describe("a wrong value", () => {
  test("is answered with one line that names it and gives an example", () => {
    expect(problems({ SITE_URL: "campaign.org" })).toEqual([
      'SITE_URL is "campaign.org": it must begin with https://, for example https://campaign.org',
    ]);
  });

  test("without encryption is accepted on this machine only", () => {
    expect(problems({ SITE_URL: "http://127.0.0.1:4000" })).toEqual([]);
    expect(problems({ SITE_URL: "http://localhost" })).toEqual([]);
    expect(problems({ SITE_URL: "http://campaign.org" })).toHaveLength(1);
    expect(problems({ SITE_URL: "http://localhost.campaign.org" })).toHaveLength(1);
  });

  test("stays on one line whatever it holds", () => {
    for (const line of problems({ SITE_URL: "a\nb", MAIL_FROM: "x\r\nBcc: y@z.org" }))
      expect(line).not.toMatch(/[\r\n]/);
  });

  test.each([
    ["PORT", "http"],
    ["PORT", "0"],
    ["PORT", "70000"],
    ["HOST", "all"],
    ["HOST", "0.0.0.0:3000"],
    ["MAIL_PROVIDER", "smtp"],
    ["TRUSTED_PROXY_HOPS", "-1"],
    ["MAIL_FROM", "campaign"],
    ["DEV_MAILBOX", "yes"],
    ["NODE_ENV", "prod"],
    ["RESEND_BASE_URL", "http://api.resend.com"],
    ["SITE_URL", "https://campaign.org/path"],
    ["ORGANISATION_NAME", "X"],
    ["DATABASE_SERVING_ROLE", "Petition"],
    ["PLAINTEXT_INSIDE", "yes"],
  ])("%s=%s is refused once, by name, with an example", (name, value) => {
    const lines = problems({ [name]: value });
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(new RegExp(`^${name} is "${value}": it must .*for example `));
  });

  test("does not hide another", () => {
    expect(problems({ PORT: "x", SITE_URL: "y" })).toHaveLength(2);
  });
});

describe("a secret", () => {
  test.each([
    ["DATABASE_URL", "mysql://root:hunter2@db/petition"],
    ["NEXTAUTH_SECRET", "hunter2"],
    ["TOKEN_SECRET", "hunter2"],
    ["DATA_KEYS", "hunter2"],
    ["DATA_KEYS", "k1:hunter2="],
    ["RESEND_API_KEY", "hunter2"],
    ["RESEND_WEBHOOK_SECRET", "hunter2"],
    ["METRICS_TOKEN", "hunter2"],
  ])("%s that is wrong is named but never printed", (name, value) => {
    const lines = problems({ ...SECRETS, [name]: value });
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain(name);
    expect(lines.join()).not.toContain("hunter2");
  });

  test.each(Object.keys(SECRETS))("%s must be given with a database", (name) => {
    expect(problems({ ...OPERATOR_DATABASE, NODE_ENV: "production", [name]: "" })[0]).toMatch(
      new RegExp(`^${name} is unset: it must be set when DATABASE_URL is, for example `),
    );
  });
});

describe("a secret in a file", () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), "petition-settings-"));
    await writeFile(path.join(folder, "token_secret"), `${"f".repeat(32)}\n`);
    await writeFile(path.join(folder, "short"), "hunter2\n");
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  test("stands for the secret, without the line feed at its end", () => {
    const { tokenSecret } = accepted({ TOKEN_SECRET_FILE: path.join(folder, "token_secret") });
    expect(tokenSecret).toBe("f".repeat(32));
  });

  test("is taken once: what is handed on has it by its own name alone", () => {
    const { env, problems: none } = withSecretsFromFiles({
      TOKEN_SECRET_FILE: path.join(folder, "token_secret"),
    });
    expect({ env, none }).toEqual({ env: { TOKEN_SECRET: "f".repeat(32) }, none: [] });
  });

  test("that is wrong is named but never printed", () => {
    const lines = problems({ TOKEN_SECRET_FILE: path.join(folder, "short") });
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(/^TOKEN_SECRET is wrong: it must have at least 32 characters/);
    expect(lines.join()).not.toContain("hunter2");
  });

  test("that cannot be read is one line, with the variable, the file and an example", () => {
    const file = path.join(folder, "missing");
    expect(problems({ RESEND_API_KEY_FILE: file })).toEqual([
      `RESEND_API_KEY_FILE is ${JSON.stringify(file)}: it must be a file that can be read (ENOENT), for example /run/secrets/resend_api_key`,
    ]);
  });

  test("and as itself are not both accepted", () => {
    const file = path.join(folder, "token_secret");
    expect(problems({ TOKEN_SECRET_FILE: file, TOKEN_SECRET: "t".repeat(32) })).toEqual([
      `TOKEN_SECRET_FILE is ${JSON.stringify(file)}: it must be unset while TOKEN_SECRET is set`,
    ]);
  });

  test("that is no secret is not read from a file", () => {
    expect(accepted({ SITE_URL_FILE: path.join(folder, "short") }).siteUrl).toBe("http://localhost:3000");
  });
});

describe("a connection to another machine", () => {
  const inside = (env: Record<string, string>) => unencryptedConnections(accepted({ ...SECRETS, ...env }));

  test.each([
    "postgresql://petition:hunter2@db.internal/petition",
    "postgresql://petition:hunter2@db.internal/petition?sslmode=disable",
    "postgresql://petition:hunter2@db.internal/petition?sslmode=prefer",
    "postgresql://petition:hunter2@db.internal/petition?sslmode=no-verify",
    "postgresql://petition:hunter2@localhost/petition?host=db.internal",
    "postgresql://petition:hunter2@localhost.internal/petition",
  ])("is refused without encryption, in one line that does not tell the password: %s", (url) => {
    const lines = inside({ DATABASE_URL: url });
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(/^DATABASE_URL is wrong: it must encrypt .*for example .*sslmode=verify-full/);
    expect(lines.join()).not.toContain("hunter2");
  });

  test.each([
    "postgresql://petition:hunter2@db.internal/petition?sslmode=require",
    "postgresql://petition:hunter2@db.internal/petition?sslmode=verify-full&sslrootcert=/etc/ca.crt",
    "postgresql://petition:hunter2@localhost:5433/petition",
    "postgresql://petition:hunter2@127.0.0.1/petition",
    "postgresql://petition:hunter2@[::1]/petition",
    "postgresql:///petition?host=/run/postgresql",
  ])("with encryption, or to this machine, is none to refuse: %s", (url) => {
    expect(inside({ DATABASE_URL: url })).toEqual([]);
  });

  test("sends telemetry over https only", () => {
    expect(inside({ OTEL_EXPORTER_OTLP_ENDPOINT: "http://collector.internal:4318" })).toHaveLength(1);
    expect(inside({ OTEL_EXPORTER_OTLP_ENDPOINT: "https://collector.internal:4318" })).toEqual([]);
    expect(inside({ OTEL_EXPORTER_OTLP_ENDPOINT: "http://localhost:4318" })).toEqual([]);
  });

  test("is left to the operator who says so", () => {
    const env = { OTEL_EXPORTER_OTLP_ENDPOINT: "http://collector.internal:4318", PLAINTEXT_INSIDE: "1" };
    expect(inside({ ...OPERATOR_DATABASE, ...env })).toEqual([]);
  });
});

describe("data keys", () => {
  test("keep their order, newest first", () => {
    const { dataKeys } = accepted({ DATA_KEYS: `k2:${KEY},k1:${OLDER_KEY}` });
    expect(dataKeys.map(({ id, key }) => [id, key.length])).toEqual([
      ["k2", 32],
      ["k1", 32],
    ]);
  });

  test("of another length are refused by place", () => {
    expect(problems({ DATA_KEYS: `k2:${KEY},k1:AAAA` })[0]).toMatch(
      /^DATA_KEYS has a key of 3 bytes in place 2/,
    );
  });

  test("with the same id twice are refused", () => {
    expect(problems({ DATA_KEYS: `k1:${KEY},k1:${OLDER_KEY}` })[0]).toMatch(
      /^DATA_KEYS names the same key id twice/,
    );
  });
});

describe("names of variables", () => {
  const found = (...names: string[]) => misspelt(names, settingNames());

  test.each([
    ["SITE_ULR", "SITE_URL"],
    ["ORGANIZATION_NAME", "ORGANISATION_NAME"],
    ["DATA_KEY", "DATA_KEYS"],
    ["MAILFROM", "MAIL_FROM"],
    ["NEXT_AUTH_SECRET", "NEXTAUTH_SECRET"],
    ["DATABASE_URL_FIEL", "DATABASE_URL_FILE"],
    ["TRUSTED_PROXY_HOP", "TRUSTED_PROXY_HOPS"],
    ["site_url", "SITE_URL"],
    ["RESEND_KEY", "RESEND_API_KEY"],
  ])("%s is nearly %s", (name, ours) => {
    expect(found(name)).toEqual([{ name, ours }]);
  });

  test("that are ours, or others' business, are left alone", () => {
    const ordinary = [
      "PATH",
      "HOME",
      "HOST",
      "HOSTNAME",
      "MAIL",
      "USER",
      "LANG",
      "PWD",
      "TERM",
      "SHLVL",
      "POSTGRES_DB",
    ];
    expect(
      found(...settingNames(), ...ordinary, "PETITION_PORT_80_TCP", "NODE_OPTIONS", "DATA_FOLDER"),
    ).toEqual([]);
  });
});
