-- The audit log: numbered, hash-chained, never changed. `record` holds the very bytes that were hashed.
create table audit_log (
  number bigint primary key,
  at timestamptz not null,
  action text not null,
  resource text not null,
  -- Why personal data was read; null for other acts.
  purpose text,
  -- Blind ids of the persons concerned.
  subjects text[] not null default '{}',
  record text not null,
  hash text not null
);
create index audit_log_subjects on audit_log using gin (subjects);
create index audit_log_resource on audit_log (resource, number);

create function audit_log_refuse() returns trigger language plpgsql as $$
begin
  raise exception 'audit_log is append-only';
end $$;
create trigger audit_log_append_only before update or delete or truncate on audit_log
  for each statement execute function audit_log_refuse();

-- Where the chain stands: its length, last hash, and the roots of the full Merkle trees it consists of, largest first.
create table audit_state (
  id int primary key check (id = 1),
  size bigint not null,
  last_hash text not null,
  peaks text[] not null
);
insert into audit_state values (1, 0, repeat('0', 64), '{}');

-- Signed heads, published for anyone to keep.
create table audit_head (
  size bigint primary key,
  at timestamptz not null,
  head jsonb not null,
  public_key text not null
);
