-- The ground floor: extensions, the outbox and the pending audit entries that every domain change writes.
create extension if not exists pg_trgm;
create extension if not exists btree_gist;
create extension if not exists pgcrypto;
create extension if not exists unaccent;

-- One row for each domain change, written in its transaction; a relay numbers and delivers them (src/platform/events).
create table outbox (
  id uuid primary key default uuidv7(),
  name text not null,
  topic text,
  payload jsonb not null,
  occurred_at timestamptz not null
);

-- Audit entries wait here until the one sequencer chains them (src/platform/audit), so traffic is not serialised.
create table audit_pending (
  id uuid primary key default uuidv7(),
  entry jsonb not null
);
