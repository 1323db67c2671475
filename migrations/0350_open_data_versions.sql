-- Loads and versions of the open-data portal (src/systems/open-data/loading). The rows of each served version lie in a table
-- of their own in the schema open_data_rows; the bytes and the Parquet of every version lie in the file store.

-- One upload on its way: what was asked, how far it is, what was found. Kept, so that the page can tell.
create table od_load (
  id uuid primary key,
  resource uuid not null references od_resource on delete cascade,
  -- Counts the uploads of a resource; the newest wins.
  n integer not null,
  file uuid not null,
  file_name text not null,
  state text not null check (state in ('received', 'parsed', 'checked', 'blocked', 'staged', 'switched', 'indexed', 'failed')),
  -- Rows that have been read so far.
  rows_read bigint not null default 0,
  -- What the publisher said about this upload: sheet, entry of the archive, note.
  options jsonb not null default '{}',
  -- Why it failed or is blocked: { kind, detail }.
  fault jsonb,
  -- Counts, errors, repairs, notices, rules: see LoadReport.
  report jsonb,
  errors_file uuid,
  refused_file uuid,
  repairs_file uuid,
  -- The same data as the served version: no version was made.
  unchanged boolean not null default false,
  source text not null check (source in ('form', 'api', 'link', 'live', 'rows')),
  author uuid,
  author_name text not null,
  received_at timestamptz not null,
  -- The last sign of life of the process that works on it.
  alive_at timestamptz not null,
  ended_at timestamptz,
  unique (resource, n)
);
create index od_load_open on od_load (alive_at) where ended_at is null;

-- A version of the data: immutable, named by its content. What was taken down keeps its row as a tombstone without files.
create table od_version (
  resource uuid not null references od_resource,
  n integer not null check (n > 0),
  load uuid not null references od_load,
  raw_file uuid,
  raw_sha256 text not null,
  raw_bytes bigint not null,
  raw_name text not null,
  -- Parquet with _id and the columns; null for what is no table.
  data_file uuid,
  -- Of the canonical typed rows; of the raw bytes when it is no table.
  data_sha256 text not null,
  rows bigint not null,
  refused bigint not null default 0,
  -- [{ id, type, info }], types as PostgreSQL calls them.
  columns jsonb not null,
  key text[] not null default '{}',
  source text not null,
  author uuid,
  author_name text not null,
  note text not null default '',
  -- Name of the table in open_data_rows while the version is served; null: only the Parquet is left.
  row_table text,
  made_at timestamptz not null,
  -- When another version took its place.
  replaced_at timestamptz,
  taken_down_at timestamptz,
  primary key (resource, n)
);
create unique index od_version_row_table on od_version (row_table) where row_table is not null;
create index od_version_load on od_version (load);
