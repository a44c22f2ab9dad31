-- Run once, as superuser, on an empty server: the database and its two logins. (src/db/roles.ts does the same for the embedded server.)
-- The owner's login makes and changes tables, the application's reads and writes rows under row-level security. Neither is the other.
\set ON_ERROR_STOP on
\getenv owner_password OWNER_PASSWORD
\getenv app_password APP_PASSWORD

CREATE ROLE quartermaster_owner LOGIN PASSWORD :'owner_password';
CREATE DATABASE quartermaster OWNER quartermaster_owner;

-- Groups that the migrations grant to.
CREATE ROLE quartermaster_runtime NOLOGIN;
CREATE ROLE quartermaster_sequencer NOLOGIN;

CREATE ROLE quartermaster_app LOGIN PASSWORD :'app_password' IN ROLE quartermaster_runtime;
-- No query hangs on a lock or an idle transaction for ever.
ALTER ROLE quartermaster_app SET statement_timeout = '5s';
ALTER ROLE quartermaster_app SET lock_timeout = '2s';
ALTER ROLE quartermaster_app SET idle_in_transaction_session_timeout = '10s';
ALTER ROLE quartermaster_app SET timezone = 'UTC';
