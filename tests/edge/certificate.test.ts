import { readFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type BareDebian, canBeBareDebian, START_NGINX, startBareDebian } from "@/tests/support/bare-debian";
import { certificateCommands } from "@/tests/support/guide";
import { missingForCertificates, type Pebble, startPebble, TRUST_PEBBLE } from "@/tests/support/pebble";

const HOST = "petition.test";
const LIVE = `/etc/letsencrypt/live/${HOST}`;
const PORT_80_AND_443 = `--resolve ${HOST}:80:127.0.0.1 --resolve ${HOST}:443:127.0.0.1`;
/** Answers at once, but `/en/slow` only when the renewal is over. */
const SITE = `
  const { existsSync, writeFileSync } = require("node:fs");
  require("node:http").createServer((asked, answer) => {
    if (asked.url !== "/en/slow") return answer.end("at once");
    answer.write("begun, ");
    writeFileSync("/run/begun", "");
    const waiting = setInterval(() => {
      if (!existsSync("/run/renewed")) return;
      clearInterval(waiting);
      answer.end("finished");
    }, 50);
  }).listen(3000, "127.0.0.1");`;
/** There is no systemd here: does what Debian's unit says. */
const SYSTEMCTL = `#!/bin/sh
test "$*" = "reload nginx" && eval "exec $(sed -n 's/^ExecReload=//p' /lib/systemd/system/nginx.service)"
`;

let debian: BareDebian;
let pebble: Pebble;

/** Runs a command in the environment that certbot finds on a machine with systemd. */
const certbot = (command: string) => debian.sh(`PATH=/run/bin:$PATH ${TRUST_PEBBLE} ${command} </dev/null`);

/** Returns the serial number of a certificate. */
const serialOf = async (file: string) => (await debian.sh(`openssl x509 -in ${file} -noout -serial`)).trim();

/** Returns the serial number of what nginx serves. @throws when it is not a valid certificate for the host. */
async function servedAt(address: string): Promise<string> {
  await debian.sh(`openssl s_client -connect ${address}:443 -servername ${HOST} -verify_hostname ${HOST} \
    -CAfile ${pebble.root} -verify_return_error </dev/null >/run/served 2>&1`);
  return serialOf("/run/served");
}

/** Waits until both addresses serve what certbot has; a reload is done a moment after it was asked for. */
async function expectServed(): Promise<string> {
  const issued = await serialOf(`${LIVE}/fullchain.pem`);
  for (const address of ["127.0.0.1", "[::1]"])
    await expect.poll(() => servedAt(address).catch(String), { timeout: 10_000 }).toBe(issued);
  return issued;
}

const masterOf = async () => (await debian.sh("cat /run/nginx.pid")).trim();

/** Why it cannot be tried here, or null. certbot keeps what the guide has it make in places that are root's. */
function hindrance(): string | null {
  if (!canBeBareDebian()) return "only root can have ports 80 and 443, and certbot's folders, of its own";
  const missing = missingForCertificates();
  return missing === null ? null : `${missing} is not installed: apt-get install pebble certbot`;
}

const hindered = hindrance();
describe.skipIf(hindered !== null)(
  `the guide's certificate${hindered ? ` (skipped: ${hindered})` : ""}`,
  () => {
    let getIt = "";
    let takeIt = "";

    beforeAll(async () => {
      const [, placeholder = "", ...others] = await certificateCommands(HOST);
      [getIt = "", takeIt = ""] = others;
      debian = await startBareDebian();
      await debian.sh(`
      setsid ${process.execPath} -e '${SITE}' >/dev/null 2>&1 & echo $! >/run/site.pid
      mkdir /run/bin && cat >/run/bin/systemctl <<'END'\n${SYSTEMCTL}END
      chmod +x /run/bin/systemctl`);
      await debian.sh(placeholder);
      await debian.sh(START_NGINX);
      pebble = await startPebble(debian, [HOST]);
    });
    afterAll(async () => {
      await pebble?.stop().catch(() => {});
      await debian?.sh("touch /run/renewed; kill $(cat /run/site.pid)").catch(() => {});
      await debian?.stop();
    });

    test("is issued while nginx serves the placeholder, and taken with the second command", async () => {
      const master = await masterOf();
      await expect(servedAt("127.0.0.1")).rejects.toThrow();
      expect(await certbot(getIt)).toContain("Successfully received certificate");
      expect(await pebble.validated()).toEqual([`http://${HOST}:80/.well-known/acme-challenge/`]);
      expect(await debian.sh(takeIt)).toContain("with its certificate");
      await expectServed();
      expect(await masterOf()).toBe(master);
    });

    test("is renewed by Debian's timer, and nginx takes it without losing a request", async () => {
      const before = await expectServed();
      const master = await masterOf();
      const ask = `curl --silent --show-error --max-time 60 --cacert ${pebble.root} ${PORT_80_AND_443} https://${HOST}`;
      const slow = debian.sh(`${ask}/en/slow`);
      const steady = debian.sh(`until test -e /run/renewed; do ${ask}/en/x 2>&1; echo; sleep 0.1; done`);
      await expect.poll(() => debian.sh("ls /run"), { timeout: 10_000 }).toContain("begun");

      const unit = await readFile("/lib/systemd/system/certbot.service", "utf8");
      const [, renew = ""] = /^ExecStart=(.*)$/m.exec(unit) ?? [];
      await certbot(`${renew} --force-renewal`);
      expect(await expectServed()).not.toBe(before);
      await debian.sh("touch /run/renewed");

      expect(await slow).toBe("begun, finished");
      const answers = (await steady).trim().split("\n");
      expect(answers.length).toBeGreaterThan(3);
      expect(new Set(answers)).toEqual(new Set(["at once"]));
      expect(await masterOf()).toBe(master);
    });
  },
);
