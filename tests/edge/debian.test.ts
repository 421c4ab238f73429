import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type BareDebian, canBeBareDebian, START_NGINX, startBareDebian } from "@/tests/support/bare-debian";
import { certificateCommands } from "@/tests/support/guide";

const HOST = "petition.test";
const LOOPBACK = { IPv4: "127.0.0.1", IPv6: "[::1]" };
/** As the site behind nginx: says from where it was asked, and how often. */
const SITE = `require("node:http").createServer((asked, answer) => answer.end(
  JSON.stringify({ host: asked.headers.host, from: asked.headers["x-forwarded-for"] }))).listen(3000, "127.0.0.1")`;

let debian: BareDebian;

/** Asks nginx under the host's name at one of its addresses. @param options of curl. */
function ask(address: string, url: string, options = "--insecure"): Promise<string> {
  const resolved = ["80", "443"].map((port) => `--resolve ${HOST}:${port}:${address}`).join(" ");
  return debian.sh(`curl --silent --show-error --max-time 10 ${resolved} ${options} '${url}'`);
}

const statusAndPlace = "--insecure --output /dev/null --write-out '%{http_code} %{redirect_url}'";

// Namespaces are the way to have ports 80 and 443 and the file's own paths: only root may make them.
describe.skipIf(!canBeBareDebian())("after the guide's commands on a Debian with its nginx", () => {
  let first = "";
  let certbot = "";
  let second = "";

  beforeAll(async () => {
    const commands = await certificateCommands(HOST);
    expect(commands).toHaveLength(4);
    [, first = "", certbot = "", second = ""] = commands;
    debian = await startBareDebian();
    await debian.sh(`setsid ${process.execPath} -e '${SITE}' >/dev/null 2>&1 & echo $! >/run/site.pid`);
    expect(await debian.sh(first)).toContain("placeholder");
    await debian.sh(START_NGINX);
  }, 60_000);
  afterAll(async () => {
    await debian?.sh("kill $(cat /run/site.pid)").catch(() => {});
    await debian?.stop();
  });

  test("nginx takes the file without a word", async () => {
    expect(await debian.sh("nginx -t -q")).toBe("");
    // A container may hold its processes to fewer open files than the file asks for; systemd does not.
    expect(await debian.sh("sed /setrlimit/d /var/log/nginx/error.log")).toBe("");
  });

  describe.each(Object.entries(LOOPBACK))("by %s", (_, address) => {
    test("the site is reached over HTTP/2, and is told who asks", async () => {
      const answer = await ask(address, `https://${HOST}/en/x`, "--insecure --write-out ' %{http_version}'");
      const told = { host: HOST, from: address.replace(/[[\]]/g, "") };
      expect(answer).toBe(`${JSON.stringify(told)} 2`);
    });

    test("plain HTTP leads to HTTPS", async () => {
      expect(await ask(address, `http://${HOST}/en/x`, statusAndPlace)).toBe(`301 https://${HOST}/en/x`);
    });

    test("an unknown name is refused", async () => {
      const unknown = `curl --silent --output /dev/null --write-out '%{http_code}' -H 'Host: other.test' http://${address}/`;
      expect(await debian.sh(unknown)).toBe("421");
    });

    test("what certbot puts there is found over plain HTTP, and nothing else of the folder", async () => {
      const [, webroot = ""] = /--webroot-path (\S+)/.exec(certbot) ?? [];
      const folder = `${webroot}/.well-known/acme-challenge`;
      // certbot wants the folder to be there, and makes the rest.
      await debian.sh(
        `test -d ${webroot} && mkdir -p ${folder} && echo proof >${folder}/token && echo x >${webroot}/other`,
      );
      const challenge = `http://${HOST}/.well-known/acme-challenge`;
      expect(await ask(address, `${challenge}/token`)).toBe("proof\n");
      expect(await ask(address, `${challenge}/unknown`, statusAndPlace)).toBe("404 ");
      expect(await ask(address, `${challenge}/`, statusAndPlace)).toBe("404 ");
      expect(await ask(address, `${challenge}/../../other`, `--path-as-is ${statusAndPlace}`)).toMatch(
        /^30[18] /,
      );
    });
  });

  test("clients of one IPv6 network share its limits, and those of another do not", async () => {
    const post = (from: string, times: number) =>
      ask(
        "[2001:db8:1:2::a]",
        `https://${HOST}/api/petitions/x/signatures?[1-${times}]`,
        `--insecure --interface ${from} --request POST --output /dev/null --write-out '%{http_code}\\n'`,
      );
    const flood = (await post("2001:db8:1:2::a", 600)).split("\n");
    expect(flood.filter((status) => status === "429").length).toBeGreaterThan(100);
    expect((await post("2001:db8:1:2::b", 3)).trim().split("\n")).toContain("429");
    expect((await post("2001:db8:1:3::a", 3)).trim().split("\n")).toEqual(["200", "200", "200"]);
  });

  test("the second time nginx takes certbot's certificate, and a renewed one with a reload", async () => {
    await expect(ask("127.0.0.1", `https://${HOST}/`, "")).rejects.toThrow(/self-signed|self signed/);
    const issue = (name: string) =>
      debian.sh(`mkdir -p /etc/letsencrypt/live/${HOST} && cd /etc/letsencrypt/live/${HOST} &&
        openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 90 -subj /CN=${name} \
          -addext subjectAltName=DNS:${HOST} -keyout privkey.pem -out fullchain.pem 2>/dev/null`);
    const trusted = `--cacert /etc/letsencrypt/live/${HOST}/fullchain.pem`;
    await issue("issued");
    expect(await debian.sh(second)).toContain("with its certificate");
    // A reload is done a moment after it was asked for.
    const answer = () => ask("[::1]", `https://${HOST}/`, trusted).catch(() => "");
    await expect.poll(answer, { timeout: 5_000 }).toContain(HOST);
    await issue("renewed");
    expect(await answer()).toBe("");
    expect(certbot).toContain("--deploy-hook 'systemctl reload nginx'");
    await debian.sh("nginx -s reload");
    await expect.poll(answer, { timeout: 5_000 }).toContain(HOST);
  });

  test("a file that nginx refuses is not put in place", async () => {
    await debian.sh(
      "rm -rf /run/broken && cp -r deploy /run/broken && echo 'nonsense;' >>/run/broken/nginx.conf",
    );
    await expect(debian.sh(`/run/broken/edge.sh ${HOST}`)).rejects.toThrow(/nothing was put in place/);
    expect(await debian.sh("nginx -t -q && grep -c nonsense /etc/nginx/nginx.conf || true")).toBe("0\n");
  });

  test.each(["", "localhost", "UPPER.test", "a b.test", "$(id).test", "-x.test", "x..test", "x.test/"])(
    "%j is no host name",
    async (name) => {
      await expect(debian.sh(`deploy/edge.sh '${name}'`)).rejects.toMatchObject({ code: 2 });
    },
  );
});
