-- Two roles: one owns the tables and applies migrations, the other serves and can change no table (lib/db/serving-role.ts).
-- Run by deploy/setup.sh --roles, as the server's administrator, superuser or not. Safe to run again: it sets the passwords anew.
\set ON_ERROR_STOP on
\getenv owner_password OWNER_PASSWORD
\getenv serving_password SERVING_PASSWORD
-- \gexec takes the query before it as one statement a row: PostgreSQL knows no CREATE ROLE or DATABASE "if missing".
\if :{?owner_password}
\else
  \set owner_password ''
\endif
\if :{?serving_password}
\else
  \set serving_password ''
\endif
SELECT length(:'owner_password') < 16 OR length(:'serving_password') < 16 AS refused \gset
\if :refused
  DO $$ BEGIN RAISE EXCEPTION 'OWNER_PASSWORD and SERVING_PASSWORD must have at least 16 characters each: run deploy/setup.sh --roles FOLDER'; END $$;
\endif

SELECT format('CREATE ROLE %I LOGIN', name) FROM unnest(ARRAY['petition_owner', 'petition']) AS name
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name) \gexec
ALTER ROLE petition_owner LOGIN PASSWORD :'owner_password';
ALTER ROLE petition LOGIN PASSWORD :'serving_password';
-- A pooler takes no limits from us: these hold there. Long work sets its own.
ALTER ROLE petition SET statement_timeout = '5s';
ALTER ROLE petition SET idle_in_transaction_session_timeout = '10s';
-- A provider's administrator is no superuser, and gives a database only to a role that it is a member of.
SELECT NOT EXISTS (SELECT FROM pg_database WHERE datname = 'petition') AS database_missing \gset
\if :database_missing
  GRANT petition_owner TO CURRENT_USER;
  CREATE DATABASE petition OWNER petition_owner;
  REVOKE ALL ON DATABASE petition FROM PUBLIC;
  GRANT CONNECT ON DATABASE petition TO petition;
  REVOKE petition_owner FROM CURRENT_USER;
\endif
