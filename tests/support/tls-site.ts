import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { createServer, request as httpRequest } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { createRequire } from "node:module";
import path from "node:path";
import { freePort } from "@/lib/embedded-postgres";
import { startWebProcess } from "./web-process";

const OBSERVATORY = path.resolve("tests/observatory");
const INSTALLED = path.join(OBSERVATORY, "node_modules", ".installed");
/** Mozilla's list of hosts that browsers only know by https: ours is on none. Its installation would download it. */
const PRELOADED = path.join(OBSERVATORY, "node_modules/@mdn/mdn-http-observatory/conf/hsts-preload.json");
const CERTIFICATE = path.join(OBSERVATORY, "node_modules", ".certificate.pem");

export type Score = { status: number; score: number; results: { result: string; points: number }[] };

/** A web process of the site under test that is told it is on https, behind a proxy that adds nothing but the scheme. */
export type TlsSite = {
  origin: string;
  /** What Mozilla's Observatory says of one address. */
  scoreOf(address: string): Promise<Score>;
  stop(): Promise<void>;
};

async function run(program: string, args: string[], env: Record<string, string> = {}): Promise<string> {
  const child = spawn(program, args, {
    cwd: OBSERVATORY,
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const chunks: Buffer[] = [];
  child.stdout.on("data", (chunk: Buffer) => chunks.push(chunk));
  const [code] = await once(child, "close");
  if (code !== 0) throw new Error(`${program} ${args.join(" ")} exited with ${code}`);
  return Buffer.concat(chunks).toString("utf8");
}

/** Installs Mozilla's code once for each state of its lockfile: kept apart, as it brings more packages than the site. */
async function installObservatory(): Promise<void> {
  const lock = await readFile(path.join(OBSERVATORY, "package-lock.json"));
  const wanted = createHash("sha256").update(lock).digest("hex");
  if ((await readFile(INSTALLED, "utf8").catch(() => "")) === wanted) return;
  await run("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]);
  await mkdir(path.dirname(PRELOADED), { recursive: true });
  await writeFile(PRELOADED, "{}");
  await writeFile(INSTALLED, wanted);
}

/** A certificate for localhost, good for nothing but this run. */
async function newCertificate(): Promise<{ key: string; cert: string }> {
  const { generate } = createRequire(path.join(OBSERVATORY, "package.json"))("selfsigned") as {
    generate(names: { name: string; value: string }[], options: object): Promise<Record<string, string>>;
  };
  const extensions = [
    { name: "basicConstraints", cA: true },
    { name: "subjectAltName", altNames: [{ type: 2, value: "localhost" }] },
  ];
  const made = await generate([{ name: "commonName", value: "localhost" }], {
    extensions,
    algorithm: "sha256",
  });
  return { key: made.private ?? "", cert: made.cert ?? "" };
}

/** Starts it beside the site under test, on the same data. */
export async function startTlsSite(): Promise<TlsSite> {
  await installObservatory();
  const certificate = await newCertificate();
  await writeFile(CERTIFICATE, certificate.cert);
  const [plainPort, tlsPort] = [await freePort(), await freePort()];
  const origin = `https://localhost:${tlsPort}`;
  const web = await startWebProcess({ SITE_URL: origin, TRUSTED_PROXY_HOPS: "1" });

  const front = createTlsServer(certificate, (incoming, answer) => {
    const headers = { ...incoming.headers, "x-forwarded-proto": "https" };
    const { method, url: target } = incoming;
    const asked = httpRequest(
      { port: web.port, host: "localhost", method, path: target, headers },
      (answered) => {
        answer.writeHead(answered.statusCode ?? 502, answered.rawHeaders);
        answered.pipe(answer);
      },
    );
    asked.on("error", () => answer.destroy());
    incoming.pipe(asked);
  }).listen(tlsPort, "localhost");
  const plain = createServer((incoming, answer) => {
    answer.writeHead(301, { location: `${origin}${incoming.url}` }).end();
  }).listen(plainPort, "localhost");

  return {
    origin,
    async scoreOf(address) {
      const args = ["score.mjs", "localhost", String(plainPort), String(tlsPort), address];
      return JSON.parse(await run(process.execPath, args, { NODE_EXTRA_CA_CERTS: CERTIFICATE })) as Score;
    },
    async stop() {
      for (const server of [front, plain]) {
        server.closeAllConnections();
        server.close();
      }
      await web.stop();
      await rm(CERTIFICATE, { force: true });
    },
  };
}
