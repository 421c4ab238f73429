#!/bin/sh
# Makes what deploy/compose.yaml and deploy/kubernetes.yaml read as secrets, one file each, in a new folder:
#   deploy/secrets.sh FOLDER [DATABASE_HOST [DATABASE_PORT [CERTIFICATE_PATH]]]
# CERTIFICATE_PATH is where the processes will find the database's certificate. The folder is closed to others; the files in
# it are not, so that the user within a container may read those that are mounted there.
set -eu

folder=$1
host=${2:-database}
port=${3:-5432}
certificate=${4:-/run/secrets/database_certificate}

mkdir -m 0700 "$folder"
cd "$folder"
umask 0133

for name in nextauth_secret token_secret; do openssl rand -base64 32 >"$name"; done
printf 'k1:%s\n' "$(openssl rand -base64 32)" >data_keys
for name in metrics_token administrator_password owner_password serving_password; do openssl rand -hex 24 >"$name"; done

address="$host:$port/petition?sslmode=verify-full&sslrootcert=$certificate"
printf 'postgresql://petition:%s@%s\n' "$(cat serving_password)" "$address" >database_url
printf 'postgresql://petition_owner:%s@%s\n' "$(cat owner_password)" "$address" >owner_database_url

# The database's own certificate is the only one that its clients trust. Ten years: it is exchanged with the machine.
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 3650 -subj "/CN=$host" \
  -addext "subjectAltName=DNS:$host" -keyout database_key -out database_certificate 2>/dev/null

echo "Put the provider's into $folder: resend_api_key and resend_webhook_secret. Keep copies of data_keys and token_secret elsewhere."
