-- Two roles: one owns the tables and applies migrations, the other serves and can change no table (lib/db/serving-role.ts).
-- As the server's administrator: OWNER_PASSWORD=… SERVING_PASSWORD=… psql --file deploy/roles.sql postgres
\set ON_ERROR_STOP on
\getenv owner_password OWNER_PASSWORD
\getenv serving_password SERVING_PASSWORD

CREATE ROLE petition_owner LOGIN PASSWORD :'owner_password';
CREATE ROLE petition LOGIN PASSWORD :'serving_password';
-- A provider's administrator is no superuser, and gives a database only to a role that it is a member of.
GRANT petition_owner TO CURRENT_USER;
CREATE DATABASE petition OWNER petition_owner;
REVOKE ALL ON DATABASE petition FROM PUBLIC;
GRANT CONNECT ON DATABASE petition TO petition;
REVOKE petition_owner FROM CURRENT_USER;
