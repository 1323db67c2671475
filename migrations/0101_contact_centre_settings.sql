-- Centre, bounds, jurisdiction and telephone of the city: one row, edited like all other city data.
create table cc_settings (
  single boolean primary key default true check (single),
  body jsonb not null
);
