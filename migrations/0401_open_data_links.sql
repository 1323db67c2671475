-- What is known of the file behind a link: when it was last asked for, and what it was then.
create table od_link (
  resource uuid primary key references od_resource on delete cascade,
  url text not null,
  etag text,
  last_modified text,
  sha256 text,
  fetched_at timestamptz,
  next_at timestamptz not null,
  -- Why the last try brought nothing: { kind, status }.
  fault jsonb,
  failures integer not null default 0
);
create index od_link_next on od_link (next_at);
