#!/bin/sh
# Sets up secrets and database roles. Safe to run again: what exists is kept, what is missing is made, an empty secret is refused.
#   deploy/setup.sh FOLDER [DATABASE_HOST [DATABASE_PORT [CERTIFICATE_PATH]]]
#       makes the secrets that deploy/compose.yaml, deploy/kubernetes.yaml and deploy/systemd read, one file each
#   deploy/setup.sh --roles FOLDER [PSQL ARGUMENTS…]
#       makes the database and its two roles with the passwords from FOLDER, as the server's administrator;
#       without arguments and as root, as this machine's user postgres
# CERTIFICATE_PATH is where the processes will find the database's certificate; "none" where the database is on this machine.
# The folder is closed to others; the files in it are not, so that the user within a container may read those mounted there.
set -eu

usage() {
  sed -n '2,9s/^# \{0,1\}//p' "$0" >&2
  exit 2
}
refuse() {
  echo "$1" >&2
  exit 1
}

# A secret of our making is longer; shorter ones are cut off, empty, or chosen by hand.
minimum_characters=16

# Prints a secret. Refuses one that is missing, empty or too short to protect anything.
secret() {
  [ -e "$folder/$1" ] || refuse "$folder/$1 is missing: run deploy/setup.sh $folder first"
  value=$(cat "$folder/$1")
  [ "${#value}" -ge "$minimum_characters" ] ||
    refuse "$folder/$1 has ${#value} characters: it must have at least $minimum_characters. Remove the file and run deploy/setup.sh $folder again"
  printf '%s' "$value"
}

if [ "${1:-}" = --roles ]; then
  [ $# -ge 2 ] || usage
  folder=$2
  shift 2
  OWNER_PASSWORD=$(secret owner_password)
  SERVING_PASSWORD=$(secret serving_password)
  export OWNER_PASSWORD SERVING_PASSWORD
  # Opened here: the user postgres need not be able to read the checkout, nor the folder.
  exec <"$(dirname "$0")/roles.sql"
  if [ $# = 0 ] && [ "$(id -u)" = 0 ] && id postgres >/dev/null 2>&1; then
    cd /
    runuser -u postgres -- psql --no-psqlrc --quiet --file - postgres
  else
    psql --no-psqlrc --quiet --file - "$@"
  fi
  echo "The database petition and the roles petition_owner and petition are there, with the passwords from $folder."
  exit
fi

[ $# -ge 1 ] && [ "${1#-}" = "$1" ] || usage
folder=$1
host=${2:-database}
port=${3:-5432}
certificate=${4:-/run/secrets/database_certificate}

[ -d "$folder" ] || mkdir -m 0700 "$folder"
umask 0133

# Makes a file out of what a command prints, whole or not at all, unless the file is there.
make() {
  name=$1
  shift
  if [ -e "$folder/$name" ]; then return; fi
  "$@" >"$folder/.$name.new"
  mv "$folder/.$name.new" "$folder/$name"
}
data_keys() { printf 'k1:%s\n' "$(openssl rand -base64 32)"; }
address() { printf 'postgresql://%s:%s@%s\n' "$1" "$2" "$host:$port/petition$encryption"; }

for name in nextauth_secret token_secret; do make "$name" openssl rand -base64 32; done
make data_keys data_keys
for name in metrics_token administrator_password owner_password serving_password; do make "$name" openssl rand -hex 24; done
for name in nextauth_secret token_secret data_keys metrics_token administrator_password owner_password serving_password; do
  secret "$name" >/dev/null
done

encryption="?sslmode=verify-full&sslrootcert=$certificate"
[ "$certificate" != none ] || encryption=
make database_url address petition "$(secret serving_password)"
make owner_database_url address petition_owner "$(secret owner_password)"
# A password made anew, after its file was removed, must reach the address as well; a provider's address has its own.
for pair in database_url:serving_password owner_database_url:owner_password; do
  case $(cat "$folder/${pair%:*}") in
  *":$(secret "${pair#*:}")@"*) ;;
  *) echo "Note: $folder/${pair%:*} does not hold the password in $folder/${pair#*:}. Remove the former and run this again, unless you wrote it." >&2 ;;
  esac
done

# The database's own certificate is the only one that its clients trust. Ten years: it is exchanged with the machine.
if [ ! -e "$folder/database_certificate" ]; then
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 3650 -subj "/CN=$host" \
    -addext "subjectAltName=DNS:$host" -keyout "$folder/database_key" -out "$folder/database_certificate" 2>/dev/null
fi

echo "Secrets are in $folder. Put the provider's there as well: resend_api_key and resend_webhook_secret. Keep copies of data_keys and token_secret elsewhere."
