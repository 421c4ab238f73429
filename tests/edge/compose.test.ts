import { readFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type BareDebian, canBeBareDebian, startBareDebian } from "@/tests/support/bare-debian";

const HOST = "petition.test";
const LIVE = `/etc/letsencrypt/live/${HOST}`;
const FOLDER = "/run/edge";
const SITE = `require("node:http").createServer((_, answer) => answer.end("site")).listen(3000, "127.0.0.1")`;

let debian: BareDebian;
let edge = "";

/** Has a command of the container find its files on the bare Debian, whose /tmp is this machine's. */
const here = (command: string) =>
  command
    .replaceAll("/tmp/", `${FOLDER}/`)
    .replaceAll("=/tmp;", `=${FOLDER};`)
    .replaceAll("/petition/", "deploy/");

/** Returns what compose has the shell of the service `edge` do. */
async function edgeCommand(): Promise<string> {
  const compose = await readFile("deploy/compose.yaml", "utf8");
  const [, block = ""] = /^ {2}edge:\n[\s\S]*?- >-\n((?: {8}.*\n)+)/m.exec(compose) ?? [];
  return here(block.trim().replace(/\n\s+/g, " ").replaceAll("$$", "$"));
}

/** Starts the edge, and waits until it answers. */
async function start(): Promise<void> {
  await debian.sh(`SITE_HOST=${HOST} setsid sh ${FOLDER}/command >${FOLDER}/log 2>&1 &
    for _ in $(seq 100); do curl --silent --output /dev/null http://127.0.0.1/ && exit; sleep 0.1; done
    cat ${FOLDER}/log >&2; exit 1`);
}

const stop = () =>
  debian.sh(
    "nginx=$(cat /run/nginx.pid); kill -QUIT $nginx; while kill -0 $nginx 2>/dev/null; do sleep 0.1; done",
  );

/** Makes a certificate as certbot would leave it. @returns its serial number. */
async function issue(): Promise<string> {
  await debian.sh(`mkdir -p ${LIVE} && openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 90 \
    -subj /CN=${HOST} -addext subjectAltName=DNS:${HOST} -keyout ${LIVE}/privkey.pem -out ${LIVE}/fullchain.pem 2>/dev/null`);
  return serialIn(`${LIVE}/fullchain.pem`);
}

const serialIn = async (file: string) => (await debian.sh(`openssl x509 -in ${file} -noout -serial`)).trim();

async function served(): Promise<string> {
  await debian.sh(
    `openssl s_client -connect 127.0.0.1:443 -servername ${HOST} </dev/null >/run/served 2>/dev/null`,
  );
  return serialIn("/run/served");
}

// The container's command without the container: in namespaces, which only root may make.
describe.skipIf(!canBeBareDebian())("compose's edge", () => {
  beforeAll(async () => {
    edge = await edgeCommand();
    debian = await startBareDebian();
    // What nginx's image and compose bring: a user, names of services, a tmpfs, a volume. Names have IPv4 addresses only
    // where there is another one than loopback's.
    await debian.sh(`
      ip address add 192.0.2.1/32 dev lo
      grep -q ^nginx: /etc/passwd || useradd --system nginx
      echo '127.0.0.1 web' >>/etc/hosts
      mkdir -p ${FOLDER} /var/cache/nginx
      cat >${FOLDER}/command <<'END'\n${edge}\nEND
      setsid ${process.execPath} -e '${SITE}' >/dev/null 2>&1 & echo $! >/run/site.pid`);
    await start();
  });
  afterAll(async () => {
    await debian?.sh("kill $(cat /run/site.pid)").catch(() => {});
    await debian?.stop();
  });

  test("serves a placeholder, then the first certificate after a restart, and renewed ones after the guide's reload", async () => {
    const site = `curl --silent --insecure --resolve ${HOST}:443:127.0.0.1 https://${HOST}/en/x`;
    expect(await debian.sh(site)).toBe("site");
    const first = await issue();
    expect(await served()).not.toBe(first);
    await stop();
    await start();
    expect(await served()).toBe(first);

    const renewed = await issue();
    expect(await served()).toBe(first);
    const [, reload = ""] =
      /exec -T edge (nginx [^']*)'/.exec(await readFile("docs/deploy.md", "utf8")) ?? [];
    expect(reload).toContain("reload");
    await debian.sh(here(reload));
    await expect.poll(served, { timeout: 5_000 }).toBe(renewed);
    expect(await debian.sh(site)).toBe("site");
  });
});
