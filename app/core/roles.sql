-- Roles and database of a new server; psql runs it as superuser. Does nothing when the database is there.
-- giamsat_owner owns the database and runs the migrations; giamsat_app reads and writes rows, no DDL.
-- The embedded server needs no passwords; where they are wanted, the environment names them.
SELECT EXISTS (SELECT FROM pg_database WHERE datname = 'giamsat') AS ready \gset
\if :ready
\quit
\endif

-- Default privileges are kept in template1, so that every later database, a test's too, starts with them.
\connect template1
BEGIN;
SELECT format('CREATE ROLE %I LOGIN', role) FROM unnest(ARRAY['giamsat_owner', 'giamsat_app']) AS role
 WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = role) \gexec
ALTER ROLE giamsat_owner CREATEDB;
ALTER DEFAULT PRIVILEGES FOR ROLE giamsat_owner GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO giamsat_app;
ALTER DEFAULT PRIVILEGES FOR ROLE giamsat_owner GRANT USAGE ON SEQUENCES TO giamsat_app;
COMMIT;

\getenv owner_password OWNER_PASSWORD
\if :{?owner_password}
ALTER ROLE giamsat_owner PASSWORD :'owner_password';
\endif
\getenv app_password APP_PASSWORD
\if :{?app_password}
ALTER ROLE giamsat_app PASSWORD :'app_password';
\endif

CREATE DATABASE giamsat OWNER giamsat_owner;
