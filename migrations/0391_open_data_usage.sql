-- How often the data of a resource were asked for (src/systems/open-data/usage.ts): counts by day in Kyiv, nothing of who asked.
create table od_usage (
  day date not null,
  resource uuid not null references od_resource on delete cascade,
  kind text not null check (kind in ('download', 'request')),
  count bigint not null,
  primary key (day, resource, kind)
);
