-- Files of city data on their way in: every row as it was read, and what became of it. Kept so that rejects can be fetched.
create table cc_import (
  id uuid primary key default uuidv7(),
  kind text not null,
  file_name text not null,
  format text not null check (format in ('csv', 'geojson')),
  encoding text not null,
  delimiter text,
  columns jsonb not null,
  mapping jsonb,
  status text not null check (status in ('mapping', 'previewed', 'applied')),
  rows integer not null,
  accepted integer not null default 0,
  rejected integer not null default 0,
  known integer not null default 0,
  author text,
  author_name text not null,
  made_at timestamptz not null,
  applied_at timestamptz,
  check (status = 'mapping' or accepted + rejected + known = rows)
);
create index cc_import_made on cc_import (made_at desc);

create table cc_import_row (
  import uuid not null references cc_import on delete cascade,
  no integer not null,
  line integer not null,
  cells jsonb not null,
  -- What could not even be read of the row.
  fault text,
  key text,
  outcome text check (outcome in ('accepted', 'rejected', 'known')),
  reasons jsonb not null default '[]',
  primary key (import, no)
);
create index cc_import_row_key on cc_import_row (import, key, no);
create index cc_import_row_outcome on cc_import_row (import, outcome, no);
