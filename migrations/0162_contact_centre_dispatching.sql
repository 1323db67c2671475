-- What a dispatcher looks at again and again: the query of the queue under a name, for that person alone.
create table cc_saved_filter (
  person text not null,
  name text not null check (length(name) between 1 and 60),
  query text not null check (length(query) <= 500),
  made_at timestamptz not null,
  primary key (person, name)
);

-- What became of each row of an act on many: read on the page after it, and whenever somebody asks later.
create table cc_bulk_act (
  id uuid primary key default uuidv7(),
  person text not null,
  move text not null,
  results jsonb not null,
  at timestamptz not null
);
create index on cc_bulk_act (person, at);
