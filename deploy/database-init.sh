#!/bin/sh
# Run by the postgres image on an empty volume: the two roles, and nobody gets in from outside without encryption.
set -eu
OWNER_PASSWORD=$(cat /run/secrets/owner_password) SERVING_PASSWORD=$(cat /run/secrets/serving_password) \
  psql --no-psqlrc --username "$POSTGRES_USER" --dbname postgres --file /petition/roles.sql
sed -i 's/^host all all all /hostssl all all all /' "$PGDATA/pg_hba.conf"
