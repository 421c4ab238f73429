import { existsSync } from "node:fs";
import type { BareDebian } from "./bare-debian";

const FOLDER = "/run/pebble";
const DIRECTORY = "https://localhost:14000/dir";
const ROOT = "https://localhost:15000/roots/0";
const SETTINGS = {
  pebble: {
    listenAddress: "127.0.0.1:14000",
    managementListenAddress: "127.0.0.1:15000",
    certificate: `${FOLDER}/own.pem`,
    privateKey: `${FOLDER}/own.key`,
    httpPort: 80,
    tlsPort: 443,
    ocspResponderURL: "",
    externalAccountBindingRequired: false,
  },
};
/** Validates at once, every time, and rejects no request at random. */
const ENVIRONMENT = "PEBBLE_VA_NOSLEEP=1 PEBBLE_AUTHZREUSE=0 PEBBLE_WFE_NONCEREJECT=0";

/** Returns which of Pebble and certbot is missing here, or null. */
export function missingForCertificates(): string | null {
  return ["pebble", "certbot"].find((name) => !existsSync(`/usr/bin/${name}`)) ?? null;
}

/** Let's Encrypt's test server. It proves a name as they do: by asking port 80 of the address that the name has. */
export type Pebble = {
  /** File with the root of what it issues. */
  root: string;
  /** Returns the folders that it asked for proofs. */
  validated(): Promise<string[]>;
  stop(): Promise<void>;
};

/**
 * Starts Pebble on a bare Debian and makes it the authority that certbot asks there.
 * @param names that lead to the machine.
 */
export async function startPebble(debian: BareDebian, names: readonly string[]): Promise<Pebble> {
  const root = `${FOLDER}/root.pem`;
  await debian.sh(`
    echo '127.0.0.1 ${names.join(" ")}' >>/etc/hosts
    mkdir ${FOLDER}
    echo '${JSON.stringify(SETTINGS)}' >${FOLDER}/settings.json
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 1 -subj /CN=localhost \
      -addext subjectAltName=DNS:localhost -keyout ${FOLDER}/own.key -out ${FOLDER}/own.pem 2>/dev/null
    ${ENVIRONMENT} setsid pebble -config ${FOLDER}/settings.json >${FOLDER}/log 2>&1 & echo $! >${FOLDER}/pid
    for _ in $(seq 300); do
      curl --silent --cacert ${FOLDER}/own.pem --output ${root} ${ROOT} && break; sleep 0.1
    done
    test -s ${root} || { cat ${FOLDER}/log >&2; exit 1; }
    echo 'server = ${DIRECTORY}' >>/etc/letsencrypt/cli.ini`);
  return {
    root,
    async validated() {
      const log = await debian.sh(`cat ${FOLDER}/log`);
      const asked = [...log.matchAll(/Attempting to validate w\/ HTTP: (\S+\/)\S+/g)];
      return [...new Set(asked.map(([, place = ""]) => place))];
    },
    async stop() {
      await debian.sh(`kill $(cat ${FOLDER}/pid)`);
    },
  };
}

/** For the environment of certbot: whom it trusts to be the authority. */
export const TRUST_PEBBLE = `REQUESTS_CA_BUNDLE=${FOLDER}/own.pem`;
