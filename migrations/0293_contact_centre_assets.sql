-- Things of the city besides houses (lamp posts, stops, lifts, playgrounds) with who keeps each.
create table cc_asset (
  id text primary key,
  -- As it is written on the thing itself.
  number text not null,
  name jsonb not null,
  -- Category branch whose matters it has.
  branch text not null,
  keeper text references cc_organisation,
  lat double precision not null,
  lon double precision not null,
  place point not null
);
create index on cc_asset using gist (place);
create index on cc_asset (branch, upper(number));

-- Areas of the city's own by which rules decide: a park, an industrial area, the zone of a boiler house. They may overlap.
create table cc_zone (
  code text primary key,
  name jsonb not null,
  boundary jsonb not null
);

-- A contract covers a house or a thing.
alter table cc_contract alter column building drop not null;
alter table cc_contract add column asset text references cc_asset;
alter table cc_contract add check (num_nonnulls(building, asset) = 1);
create index on cc_contract (asset) where asset is not null;

alter table cc_request add column asset text;
