import { describe, expect, test } from "vitest";
import { readSettings, type Settings } from "@/lib/settings";

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
  test("with the database that we run ourselves", () => {
    expect(accepted(EMBEDDED).mailboxEnabled).toBe(true);
  });

  test("with the operator's database only when asked for", () => {
    expect(accepted(OPERATOR_DATABASE).mailboxEnabled).toBe(false);
    expect(accepted({ ...OPERATOR_DATABASE, DEV_MAILBOX: "1" }).mailboxEnabled).toBe(true);
  });

  test("never once mail goes out through Resend", () => {
    expect(accepted({ ...EMBEDDED, RESEND_API_KEY: "re_12345678", DEV_MAILBOX: "1" }).mailboxEnabled).toBe(
      false,
    );
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
    ["TRUSTED_PROXY_HOPS", "-1"],
    ["MAIL_FROM", "campaign"],
    ["DEV_MAILBOX", "yes"],
    ["NODE_ENV", "prod"],
    ["RESEND_BASE_URL", "http://api.resend.com"],
    ["SITE_URL", "https://campaign.org/path"],
    ["ORGANISATION_NAME", "X"],
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
