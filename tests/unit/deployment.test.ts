import { readFile } from "node:fs/promises";
import { afterEach, describe, expect, test, vi } from "vitest";
import { OperatorError, prepare } from "@/scripts/support/environment";

/** The secrets that each process uses, and the only ones it may be given. */
const SECRETS_OF = {
  web: [
    "DATABASE_URL",
    "DATA_KEYS",
    "METRICS_TOKEN",
    "NEXTAUTH_SECRET",
    "RESEND_WEBHOOK_SECRET",
    "TOKEN_SECRET",
  ],
  worker: ["DATABASE_URL", "DATA_KEYS", "RESEND_API_KEY", "TOKEN_SECRET"],
  migrate: ["DATABASE_URL"],
};
type Part = keyof typeof SECRETS_OF;
const PARTS = Object.keys(SECRETS_OF) as Part[];

/** The text of one process in one of the three ways to run it. */
const described: Record<string, (part: Part) => Promise<string>> = {
  async compose(part) {
    const text = await readFile("deploy/compose.yaml", "utf8");
    return new RegExp(`^  ${part}:\\n((?: {4}.*\\n)+)`, "m").exec(text)?.[1] ?? "";
  },
  async kubernetes(part) {
    const parts = (await readFile("deploy/kubernetes.yaml", "utf8")).split("\n---\n");
    return (
      parts.find((text) => /^kind: (Job|Deployment)$/m.test(text) && text.includes(`part: ${part} }`)) ?? ""
    );
  },
  systemd: (part) => readFile(`deploy/systemd/petition-${part}.service`, "utf8"),
};

/** Every `NAME_FILE` with the name of the file behind it. */
function secretsIn(text: string): Map<string, string> {
  return new Map(
    [...text.matchAll(/([A-Z_]+)_FILE.*\/([a-z_]+)/g)].map(([, name = "", file = ""]) => [name, file]),
  );
}

describe.each(Object.keys(described))("by %s", (way) => {
  test.each(PARTS)("%s is given the secrets it uses and no others", async (part) => {
    const text = (await described[way]?.(part)) ?? "";
    const secrets = secretsIn(text);
    expect([...secrets.keys()].sort()).toEqual([...SECRETS_OF[part]].sort());
    // The owner's address is for migrations alone.
    const address = part === "migrate" ? "owner_database_url" : "database_url";
    expect(secrets.get("DATABASE_URL")).toBe(address);
    expect(text.includes("owner_database_url")).toBe(part === "migrate");
    // Nor is a file mounted that nothing names.
    for (const name of PARTS.flatMap((other) => SECRETS_OF[other]).filter((name) => !secrets.has(name)))
      expect(text).not.toContain(name.toLowerCase());
  });
});

describe("a process in production", () => {
  const secrets = {
    DATABASE_URL: "postgresql://petition:hunter2@localhost/petition",
    DATA_KEYS: `k1:${Buffer.alloc(32, 7).toString("base64")}`,
    TOKEN_SECRET: "t".repeat(32),
    NEXTAUTH_SECRET: "",
    RESEND_API_KEY: "",
    NODE_ENV: "production",
  };
  afterEach(() => vi.unstubAllEnvs());
  const given = (env: Record<string, string>) => {
    for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
  };

  test("that signs nobody in starts without the sign-in's secret, and is given none that anybody knows", async () => {
    given(secrets);
    const [one, other] = [
      await prepare(["DATA_KEYS", "TOKEN_SECRET"]),
      await prepare(["DATA_KEYS", "TOKEN_SECRET"]),
    ];
    expect(one.settings.nextAuthSecret).not.toBe(other.settings.nextAuthSecret);
    expect(one.settings.tokenSecret).toBe(secrets.TOKEN_SECRET);
  });

  test("that serves does not start without it", async () => {
    given(secrets);
    await expect(prepare()).rejects.toThrow(/^NEXTAUTH_SECRET is unset: /);
  });

  test("that works on signatures does not start without their keys", async () => {
    given({ ...secrets, DATA_KEYS: "" });
    await expect(prepare(["DATA_KEYS", "TOKEN_SECRET"])).rejects.toThrow(/^DATA_KEYS is unset: /);
  });

  test("reaches no database on another machine without encryption", async () => {
    given({ ...secrets, DATABASE_URL: "postgresql://petition:hunter2@db.internal/petition" });
    const refusal = await prepare(["DATA_KEYS", "TOKEN_SECRET"]).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(OperatorError);
    expect(String(refusal)).toMatch(/DATABASE_URL is wrong: it must encrypt/);
    vi.stubEnv("PLAINTEXT_INSIDE", "1");
    expect((await prepare(["DATA_KEYS", "TOKEN_SECRET"])).settings.plaintextInside).toBe(true);
  });
});

test("every way runs as a user without rights on a root that cannot be written", async () => {
  const image = await readFile("deploy/Dockerfile", "utf8");
  expect(image).toMatch(/^USER 10001:10001$/m);
  const compose = await readFile("deploy/compose.yaml", "utf8");
  expect(/^x-image:[\s\S]*?\n\n/m.exec(compose)?.[0]).toMatch(/read_only: true[\s\S]*cap_drop: \[ALL\]/);
  for (const part of PARTS) {
    expect(await described.compose?.(part)).toContain("<<: *image");
    expect(await described.kubernetes?.(part)).toMatch(
      /runAsNonRoot: true[\s\S]*readOnlyRootFilesystem: true[\s\S]*drop: \[ALL\]/,
    );
  }
  const sandbox = await readFile("deploy/systemd/petition-.service.d/sandbox.conf", "utf8");
  for (const line of [
    "User=petition",
    "ProtectSystem=strict",
    "NoNewPrivileges=true",
    "CapabilityBoundingSet=",
  ])
    expect(sandbox.split("\n")).toContain(line);
});
