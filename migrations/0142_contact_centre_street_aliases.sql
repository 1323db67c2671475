-- Former names of streets and those in other languages, as people still write them.
create table cc_street_alias (
  -- As it is called now, with its type, as in cc_building.street.
  street text not null,
  name text not null,
  -- Last year in which the name was official.
  until smallint,
  primary key (street, name)
);
