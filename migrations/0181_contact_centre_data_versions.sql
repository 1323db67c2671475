-- Every version of what administrators edit on pages: who made it and when. Nothing here changes afterwards.
-- Categories, templates and articles are tables of versions themselves.
create table cc_data_version (
  kind text not null,
  id text not null,
  version integer not null check (version > 0),
  body jsonb not null,
  author text,
  author_name text not null,
  -- Null: it came with the city's files.
  made_at timestamptz,
  primary key (kind, id, version)
);

create function cc_data_version_append_only() returns trigger language plpgsql as $$
begin
  raise exception 'cc_data_version is append-only';
end $$;
create trigger cc_data_version_no_change before update or delete on cc_data_version
  for each row execute function cc_data_version_append_only();

alter table cc_category add column author text;
alter table cc_category add column author_name text;
