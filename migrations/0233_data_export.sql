-- Links by which a person downloads their own data for seven days. Nothing lies ready-made: each download is made anew.
create table data_export (
  id uuid primary key default uuidv7(),
  person_id uuid not null references person (id),
  made_at timestamptz not null,
  expires_at timestamptz not null
);
create index data_export_person on data_export (person_id, expires_at);
