import { readFile } from "node:fs/promises";
import { afterEach, describe, expect, test, vi } from "vitest";
import { isShareCode } from "@/lib/sharing/codes";
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

test("the image belongs to no organisation: web and worker are told theirs when they start", async () => {
  expect(await readFile("deploy/Dockerfile", "utf8")).not.toMatch(/SITE_URL|ORGANISATION_NAME|MAIL_FROM/);
  for (const part of ["web", "worker"] as const) {
    expect(await described.compose?.(part)).toContain("<<: *organisation");
    expect(await described.kubernetes?.(part)).toContain("configMapRef: { name: petition }");
  }
});

describe("the web server's port", () => {
  test("is open only where the proxy stands elsewhere, and the web process knows that the worker sends mail", async () => {
    expect(await readFile("deploy/Dockerfile", "utf8")).toMatch(/^ENV .*\bHOST=0\.0\.0\.0\b/m);
    expect(await described.kubernetes?.("web")).toContain("{ name: HOST, value: 0.0.0.0 }");
    for (const part of PARTS) expect(await described.systemd?.(part)).not.toMatch(/^Environment=HOST/m);
    for (const way of Object.keys(described)) {
      expect(await described[way]?.("web"), way).toMatch(/MAIL_PROVIDER(?:: |=|, value: )resend/);
      for (const part of ["worker", "migrate"] as const)
        expect(await described[way]?.(part), way).not.toContain("MAIL_PROVIDER");
    }
  });

  test("by compose is reached by the edge alone, which reaches nothing else", async () => {
    const compose = await readFile("deploy/compose.yaml", "utf8");
    const networksOf = (service: string) =>
      new RegExp(`^  ${service}:\\n(?: {4}.*\\n| *\\n)*? {4}networks: \\[(.*)\\]`, "m")
        .exec(compose)?.[1]
        ?.split(", ");
    expect(networksOf("edge")).toEqual(["front"]);
    expect(networksOf("database")).toEqual(["inside"]);
    for (const service of ["migrate", "worker"]) expect(networksOf(service)).not.toContain("front");
    expect(networksOf("web")).toEqual(expect.arrayContaining(["front", "inside"]));
    // Only the edge's ports are the machine's.
    expect(compose.match(/^ {4}ports:.*$/gm)).toEqual(['    ports: ["80:80", "443:443"]']);
    expect(compose).toMatch(/^ {2}inside:\n {4}internal: true$/m);
  });

  test("by kubernetes is reached by ingress and monitoring, and each part reaches what it uses", async () => {
    const documents = (await readFile("deploy/kubernetes.yaml", "utf8")).split("\n---\n");
    const policy = (name: string) =>
      documents.find(
        (text) => text.includes("kind: NetworkPolicy") && text.includes(`\n  name: ${name}\n`),
      ) ?? "";
    const forAll = policy("petition");
    expect(forAll).toMatch(/matchLabels: \{ app: petition \}\n {2}policyTypes: \[Ingress, Egress\]/);
    expect(forAll).not.toMatch(/^ {2}ingress:/m);
    expect(ports(forAll)).toEqual(["53", "53", "5432"]);
    const web = policy("petition-web");
    expect(web).toMatch(/matchLabels: \{ app: petition, part: web \}\n {2}policyTypes: \[Ingress\]/);
    expect([...web.matchAll(/metadata\.name: (\S+) /g)].map(([, name]) => name)).toEqual([
      "ingress-nginx",
      "monitoring",
    ]);
    const worker = policy("petition-worker");
    expect(worker).toMatch(/matchLabels: \{ app: petition, part: worker \}\n {2}policyTypes: \[Egress\]/);
    expect(worker).toMatch(/except: \[10\.0\.0\.0\/8, .*192\.168\.0\.0\/16\]/);
    expect(ports(worker)).toEqual(["443"]);
  });
});

function ports(policy: string): (string | undefined)[] {
  return [...policy.matchAll(/port: (\d+)/g)].map(([, port]) => port);
}

describe("deploy/nginx.conf", () => {
  test("resumes no TLS session, for any name", async () => {
    const lines = (await readFile("deploy/nginx.conf", "utf8")).split("\n");
    // Four spaces: for all servers. None says otherwise for itself.
    const said = lines.filter((line) => /ssl_session_|ssl_early_data/.test(line));
    expect(said.sort()).toEqual(["    ssl_session_cache off;", "    ssl_session_tickets off;"]);
  });

  test("lets into keys what has the shape of a share code, as the site sees it", async () => {
    const conf = await readFile("deploy/nginx.conf", "utf8");
    const shape = /ref_pair>ref=(\S+)\)\(\?:&/.exec(conf)?.[1] ?? "";
    const codes = [
      "bcdfghjk",
      "mnpqrstv",
      "wxz23456",
      "78922222",
      "bcdfghjl",
      "bcdfghja",
      "bcdfgh20",
      "abcdef",
      "bcdfghjkm2",
      "2345678",
      "abc",
      "ABCDEF2",
      "abcdefghijklmnopq",
      "a-b-c-d",
      "",
    ];
    for (const code of codes) expect(new RegExp(`^${shape}$`).test(code), code).toBe(isShareCode(code));
  });
});
