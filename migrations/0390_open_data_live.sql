-- Live datasets of the open-data portal (src/systems/open-data/live), and the chain of versions.

-- SHA-256 over the version before: its number, what it held, and its own prev_hash. A version that was rewritten, taken out or put in
-- later no longer fits the one behind it. The first has none.
alter table od_version add column prev_hash text;
do $$
declare
  one record;
begin
  for one in select resource, n from od_version where n > 1 order by resource, n loop
    update od_version v set prev_hash = encode(sha256(convert_to(concat_ws(E'\n', p.n, p.raw_sha256, p.data_sha256, p.rows,
        extract(epoch from p.made_at), coalesce(p.prev_hash, '')), 'UTF8')), 'hex')
      from od_version p where v.resource = one.resource and v.n = one.n and p.resource = one.resource and p.n = one.n - 1;
  end loop;
end $$;

-- What a system publishes by itself, by the key of its contract.
create table od_live (
  key text primary key,
  resource uuid references od_resource on delete set null,
  -- Columns and treatment that were accepted last, and the passport as the system wrote it.
  fingerprint text,
  passport text,
  -- Of changes: how far the kept rows are, and the year of the key of their hashes.
  cursor text,
  key_year integer,
  next_at timestamptz,
  -- The reading that is on its way, and its last sign of life.
  run uuid,
  alive_at timestamptz,
  -- Of the reading that ended last.
  state text not null default 'waiting'
    check (state in ('waiting', 'published', 'unchanged', 'empty', 'held', 'blocked', 'failed', 'withdrawn')),
  fault jsonb
);

-- Each reading, as the officer sees it.
create table od_live_run (
  id uuid primary key,
  key text not null references od_live on delete cascade,
  started_at timestamptz not null,
  ended_at timestamptz not null,
  state text not null,
  -- Rows that the system handed out, that were published, left out for their group was small, and merged into another.
  rows_read bigint not null,
  rows bigint not null,
  suppressed bigint not null,
  merged bigint not null,
  version integer,
  fault jsonb,
  load uuid references od_load on delete set null
);
create index od_live_run_key on od_live_run (key, ended_at desc);
create index od_live_run_load on od_live_run (load) where load is not null;

-- Rows of systems that hand out changes, treated already: dropped, coarsened, hashed. The key is a hash too.
create table od_live_row (
  live text not null references od_live on delete cascade,
  key text not null,
  cells jsonb not null,
  primary key (live, key)
);
