#!/usr/bin/env bash
# Replays deploy/Dockerfile and deploy/compose.yaml, stage by stage, where there is no container engine:
#   deploy/prove.sh
# As root where mounts are allowed: in bare Debian folders made by debootstrap, the processes as a user with no rights on a
# root that is mounted read-only. Otherwise, as it says: in the user's own empty folder, whose files nobody may write.
# It builds, starts PostgreSQL with two roles and TLS, web and worker with the secrets of each, signs, finds the mails, confirms,
# reads the count, stops, and looks for anything written. It removes what it made, ends what it started, and takes some minutes.
# Needs: npm, git, curl, openssl, PostgreSQL 15 or newer with psql; as root debootstrap, util-linux, and the machine's apt sources.
set -euo pipefail
# Debian keeps some of them where ordinary users do not look.
PATH=$PATH:/usr/sbin:/sbin

readonly SUITE=bookworm USER_ID=10001 READY_SECONDS=90 STOP_SECONDS=40
readonly SITE_URL=https://campaign.org ORGANISATION_NAME="Human Rights Forum" MAIL_FROM="Campaign <petition@campaign.org>"

fail() {
  echo "NOT PROVEN: $*" >&2
  exit 1
}
step() { echo "── $*"; }

# The mounts live in a namespace of their own: when its last process has ended they are gone, whatever happened.
if [ -z "${PROVING:-}" ]; then
  work=$(mktemp -d "${TMPDIR:-/tmp}/petition-prove-XXXXXX")
  chmod 755 "$work"
  trap 'chmod -R u+w "$work" && rm -rf "$work"' EXIT
  if [ "$(id -u)" = 0 ] && unshare --mount true 2>/dev/null; then
    PROVING=chroot WORK=$work unshare --mount --propagation private -- "$0"
  else
    echo "No mounts are allowed here: proving in an empty folder of $(id -un)'s instead; the read-only root is not shown."
    PROVING=folder WORK=$work "$0"
  fi
  exit
fi

readonly CHECKOUT=$(cd "$(dirname "$0")/.." && pwd)
children=()
stop_all() {
  for pid in "${children[@]}"; do kill "$pid" 2>/dev/null || true; done
  wait || true
}
trap stop_all EXIT
trap 'exit 130' INT TERM

programs=(npm git curl openssl psql)
[ "$PROVING" = folder ] || programs+=(debootstrap setpriv)
for program in "${programs[@]}"; do
  command -v "$program" >/dev/null || fail "$program is not installed"
done
postgres=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1)
[ -x "$postgres/initdb" ] || fail "PostgreSQL is not installed"
free_port() { node -e 'const s = require("net").createServer().listen(0, () => { console.log(s.address().port); s.close(); })'; }
database_port=$(free_port)
port=$(free_port)
provider_port=$(free_port)

# ── The stages' file systems ─────────────────────────────────────────────────────────────────────

readonly BUILD=$WORK/build RUN=$WORK/run
if [ "$PROVING" = chroot ]; then
  step "bare $SUITE by debootstrap, twice: to build in, and to run in"
  mirror=$(grep -rhoE 'https?://[^ ]+/debian/?( |$)' /etc/apt/sources.list /etc/apt/sources.list.d/*.list \
    /etc/apt/sources.list.d/*.sources 2>/dev/null | head -n 1 || true)
  [ -n "$mirror" ] || fail "no Debian mirror in the machine's apt sources"
  debootstrap --variant=minbase "$SUITE" "$BUILD" "$mirror" >"$WORK/debootstrap.log" 2>&1 ||
    fail "debootstrap: $(tail -n 1 "$WORK/debootstrap.log")"
  cp -a "$BUILD" "$RUN"
  mount --bind "$RUN" "$RUN"
  for root in "$BUILD" "$RUN"; do
    mkdir -p "$root/proc" "$root/run/secrets"
    for device in null zero random urandom; do
      [ -e "$root/dev/$device" ] || touch "$root/dev/$device"
      mount --bind "/dev/$device" "$root/dev/$device"
    done
    mount -t proc proc "$root/proc"
  done
  # Stands for the image that the build stage begins from: the machine's Node.js with its npm, and the way to the registry.
  cp "$(readlink -f "$(command -v node)")" "$BUILD/usr/local/bin/node"
  mkdir -p "$BUILD/usr/local/lib/node_modules"
  cp -a "$(dirname "$(dirname "$(readlink -f "$(command -v npm)")")")" "$BUILD/usr/local/lib/node_modules/npm"
  ln -s ../lib/node_modules/npm/bin/npm-cli.js "$BUILD/usr/local/bin/npm"
  for root in "$BUILD" "$RUN"; do cp /etc/resolv.conf /etc/hosts "$root/etc/"; done
  if [ -n "${NODE_EXTRA_CA_CERTS:-}" ]; then cp "$NODE_EXTRA_CA_CERTS" "$BUILD/usr/local/share/registry.crt"; fi
  in_build() {
    chroot "$BUILD" env -i PATH=/usr/local/bin:/usr/bin:/bin HOME=/root \
      npm_config_registry="$(npm config get registry)" \
      ${NODE_EXTRA_CA_CERTS:+NODE_EXTRA_CA_CERTS=/usr/local/share/registry.crt} "$@"
  }
  # As the container engine would: no capability, no way to gain one, nothing in the environment but what is given.
  start_in_run() {
    exec chroot "$RUN" setpriv --reuid "$USER_ID" --regid "$USER_ID" --clear-groups --no-new-privs \
      --bounding-set=-all --inh-caps=-all env -i PATH=/site/node_modules/.bin:/usr/bin:/bin "$@"
  }
  readonly BUILD_ROOT=/ RUN_ROOT=/ SECRETS_SEEN=/run/secrets TEMPORARY=/tmp
else
  mkdir -p "$BUILD" "$RUN" "$WORK/tmp"
  in_build() { env -i PATH="$PATH" HOME="$BUILD" npm_config_registry="$(npm config get registry)" \
    ${NODE_EXTRA_CA_CERTS:+NODE_EXTRA_CA_CERTS="$NODE_EXTRA_CA_CERTS"} "$@"; }
  start_in_run() { exec env -i PATH="$RUN/site/node_modules/.bin:/usr/bin:/bin" TMPDIR="$WORK/tmp" "$@"; }
  readonly BUILD_ROOT=$BUILD/ RUN_ROOT=$RUN/ SECRETS_SEEN=$WORK/secrets TEMPORARY=$WORK/tmp
fi
in_run() { (start_in_run "$@"); }

# ── Stage "build": COPY . . and RUN npm run release ──────────────────────────────────────────────

step "build stage: the checkout without what .dockerignore names, npm run release"
mkdir "$BUILD/checkout"
(cd "$CHECKOUT" && git -c safe.directory="$CHECKOUT" ls-files -z --cached --others --exclude-standard -- . ':!deploy' ':!docs' |
  tar --create --null --files-from=-) | tar --extract --no-same-owner --directory "$BUILD/checkout"
in_build sh -c 'cd "$0" && exec npm run release -- "$1"' "${BUILD_ROOT}checkout" "${BUILD_ROOT}site" \
  >"$WORK/build.log" 2>&1 || { tail -n 40 "$WORK/build.log" >&2; fail "the build stage"; }

# ── The second stage: COPY --from=build ──────────────────────────────────────────────────────────

step "run stage: the release alone, owned by another than who runs it"
checkout_size=$(du -sm "$BUILD/checkout" | cut -f 1)
cp -a "$BUILD/site" "$RUN/site"
release_size=$(du -sm "$RUN/site" | cut -f 1)
for needless in .git .env tests bench docs lib/generator node_modules/typescript node_modules/prisma node_modules/vitest; do
  [ ! -e "$RUN/site/$needless" ] || fail "the release holds $needless"
done

# ── compose's database: two roles, TLS ───────────────────────────────────────────────────────────

step "PostgreSQL with TLS and two roles (deploy/setup.sh, twice)"
for _ in first again; do
  "$CHECKOUT/deploy/setup.sh" "$WORK/secrets" localhost "$database_port" "$SECRETS_SEEN/database_certificate" >/dev/null
done
echo re_of_this_run >"$WORK/secrets/resend_api_key"
mkdir "$WORK/database"
cp "$WORK/secrets/database_key" "$WORK/secrets/database_certificate" "$WORK/database"
chmod 600 "$WORK/database/database_key"
as_postgres=()
if [ "$(id -u)" = 0 ]; then
  chown -R postgres "$WORK/database"
  as_postgres=(setpriv --reuid postgres --regid postgres --clear-groups)
fi
"${as_postgres[@]}" "$postgres/initdb" --pgdata "$WORK/database/data" --username administrator --auth trust \
  >"$WORK/database.log" 2>&1 || fail "initdb: $(tail -n 1 "$WORK/database.log")"
printf '%s\n' 'local all all trust' 'hostssl all all all scram-sha-256' >"$WORK/database/data/pg_hba.conf"
"${as_postgres[@]}" "$postgres/postgres" -D "$WORK/database/data" -p "$database_port" \
  -c listen_addresses=localhost -c unix_socket_directories="$WORK/database" -c ssl=on \
  -c ssl_cert_file="$WORK/database/database_certificate" -c ssl_key_file="$WORK/database/database_key" \
  >>"$WORK/database.log" 2>&1 &
children+=($!)
as_administrator() { psql --host "$WORK/database" --port "$database_port" --username administrator postgres "$@"; }
for _ in $(seq 50); do as_administrator --command "SELECT 1" >/dev/null 2>&1 && break || sleep 0.2; done
for _ in first again; do
  "$CHECKOUT/deploy/setup.sh" --roles "$WORK/secrets" \
    --host "$WORK/database" --port "$database_port" --username administrator postgres >/dev/null || fail "deploy/setup.sh --roles"
done

# ── Sealed: read_only and tmpfs, then each process with its own secrets ──────────────────────────

if [ "$PROVING" = chroot ]; then
  # In place of the engine's mounts of single secrets; the files themselves may be read, as there.
  mount --bind "$WORK/secrets" "$RUN/run/secrets"
  chmod 755 "$WORK/secrets"
  mount -t tmpfs -o mode=1777,size=64m tmpfs "$RUN/tmp"
  mount -o remount,bind,ro "$RUN"
  # Not even root writes there now.
  if touch "$RUN/site/written" 2>/dev/null; then fail "the root can be written"; fi
else
  chmod -R a-w "$RUN"
fi
touch "$WORK/sealed"

from_files=()
with_secrets() { # names of secrets, as variables that name their files
  from_files=()
  for name in "$@"; do from_files+=("${name^^}_FILE=$SECRETS_SEEN/$name"); done
}
site() { # the image's own environment, then what is given, then its command
  start_in_run SITE_URL="$SITE_URL" ORGANISATION_NAME="$ORGANISATION_NAME" MAIL_FROM="$MAIL_FROM" NODE_ENV=production \
    PORT="$port" RESEND_BASE_URL="http://localhost:$provider_port" DATA_FOLDER="$TEMPORARY/data" "$@"
}
in_site=(sh -c 'cd "$0" && exec node scripts/bootstrap.mjs "$@"' "${RUN_ROOT}site")

step "web without a mail provider: says so in one line"
with_secrets database_url data_keys nextauth_secret token_secret
if (site "${from_files[@]}" "${in_site[@]}" start --without-worker) >"$WORK/early.log" 2>&1; then fail "it started"; fi
grep -q "^RESEND_API_KEY is unset" "$WORK/early.log" || fail "$(cat "$WORK/early.log")"
[ "$(wc -l <"$WORK/early.log")" = 1 ] || fail "more than a line: $(cat "$WORK/early.log")"

step "web before the migrations: says so in one line"
with_secrets database_url data_keys nextauth_secret token_secret
if (site MAIL_PROVIDER=resend "${from_files[@]}" "${in_site[@]}" start --without-worker) >"$WORK/early.log" 2>&1; then fail "it started"; fi
grep -q "may create no tables: first run npm run migrate" "$WORK/early.log" || fail "$(cat "$WORK/early.log")"
[ "$(wc -l <"$WORK/early.log")" = 1 ] || fail "more than a line: $(cat "$WORK/early.log")"

step "migrations by the owner, with its address alone"
(site DATABASE_URL_FILE="$SECRETS_SEEN/owner_database_url" DATABASE_SERVING_ROLE=petition "${in_site[@]}" migrate) \
  >"$WORK/migrate.log" 2>&1 || fail "$(cat "$WORK/migrate.log")"

step "a mail provider that keeps what it is sent, so that none leaves"
node -e '
  const { appendFileSync } = require("node:fs");
  require("node:http").createServer(async (request, response) => {
    let body = "";
    for await (const piece of request) body += piece;
    if (request.headers.authorization !== "Bearer re_of_this_run") return response.writeHead(401).end();
    appendFileSync(process.argv[1], body + "\n");
    const data = JSON.parse(body).map((_, place) => ({ id: `mail-${place}` }));
    response.setHeader("content-type", "application/json").end(JSON.stringify({ data, errors: [] }));
  }).listen(Number(process.argv[2]), "localhost");
' "$WORK/mails" "$provider_port" &
children+=($!)

step "web without the provider's key, worker without the sign-in's secret"
with_secrets database_url data_keys metrics_token nextauth_secret token_secret
(site MAIL_PROVIDER=resend TRUSTED_PROXY_HOPS=1 "${from_files[@]}" "${in_site[@]}" start --without-worker) >"$WORK/web.log" 2>&1 &
web=$!
with_secrets database_url data_keys resend_api_key token_secret
(site "${from_files[@]}" "${in_site[@]}" worker) >"$WORK/worker.log" 2>&1 &
worker=$!
children+=("$web" "$worker")
trouble() { tail -n 20 "$WORK/web.log" "$WORK/worker.log" >&2; fail "$@"; }

readonly ORIGIN=http://localhost:$port SLUG=pakistan-stop-expulsions SIGNERS=5
within() { # SECONDS COMMAND…: until it succeeds
  local deadline=$((SECONDS + $1))
  shift
  until "$@"; do
    [ "$SECONDS" -lt "$deadline" ] || return 1
    sleep 0.5
  done
}
ready() { curl --silent --fail --output /dev/null "$ORIGIN/api/health/ready"; }
within "$READY_SECONDS" ready || trouble "not ready within $READY_SECONDS s"
in_run node -e "fetch('$ORIGIN/api/health/ready').then((a) => process.exit(a.ok ? 0 : 1), () => process.exit(1))" ||
  trouble "the image's own health check"

step "signatures, their mails, their confirmations, the count"
# The public count moves once three to five people from as many networks have confirmed.
for signer in $(seq "$SIGNERS"); do
  signed=$(curl --silent --header 'accept: application/json' --header "x-forwarded-for: 20.$signer.0.1" \
    --data-urlencode "name=Laila Karimi $signer" --data "email=laila$signer@example.org" \
    --data 'country=PK&consent=yes&locale=en' "$ORIGIN/api/petitions/$SLUG/signatures")
  [ "$signed" = '{"status":"pending"}' ] || trouble "signing answered: $signed"
done
tokens=()
mailed() {
  mapfile -t tokens < <(grep --only-matching --extended-regexp '/en/confirm/[A-Za-z0-9_-]+' "$WORK/mails" 2>/dev/null | sort -u)
  [ "${#tokens[@]}" = "$SIGNERS" ]
}
within 30 mailed || trouble "${#tokens[@]} of $SIGNERS mails within 30 s"
for token in "${tokens[@]}"; do
  confirmed=$(curl --silent --output /dev/null --write-out '%{http_code}' --data "token=${token##*/}" "$ORIGIN/api/confirm")
  [ "$confirmed" = 303 ] || trouble "confirming answered $confirmed"
done
counted() { curl --silent "$ORIGIN/api/petitions/$SLUG" | grep -q '"count":[3-5],'; }
within 90 counted || trouble "the count is $(curl --silent "$ORIGIN/api/petitions/$SLUG")"

step "SIGTERM"
ended() { ! kill -0 "$1" 2>/dev/null; }
for pid in "$web" "$worker"; do
  kill -TERM "$pid"
  within "$STOP_SECONDS" ended "$pid" || trouble "still running $STOP_SECONDS s after SIGTERM"
  wait "$pid" || trouble "ended with $?"
done

written=$(find "$RUN" -xdev -newer "$WORK/sealed" ! -type d)
[ -z "$written" ] || fail "written: $written"
if grep -E 'EROFS|EACCES|ENOENT|rror' "$WORK/web.log" "$WORK/worker.log"; then fail "the logs tell of errors"; fi

if [ "$PROVING" = chroot ]; then how="as user $USER_ID on a read-only root"; else how="as $(id -un) in a folder closed to writing"; fi
echo "PROVEN: started $how, signed, mailed, confirmed, counted, stopped; nothing was written."
echo "The folder to build in has $checkout_size MB, the release $release_size MB."
