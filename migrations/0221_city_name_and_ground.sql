-- The name of the city, for the head of every page; the system that keeps the city's settings writes it.
alter table installation add column city_name jsonb;
update installation set city_name = (select body->'name' from cc_settings);

-- What maps show under everything else: waters and streets, as the city's files brought them.
create table cc_ground (
  single boolean primary key default true check (single),
  body jsonb not null
);
