-- What datasets, organisations and themes were called before: their old addresses lead to the new ones.
create table od_former_name (
  kind text not null check (kind in ('dataset', 'organization', 'group')),
  name text not null,
  object uuid not null,
  primary key (kind, name)
);
create index od_former_name_object on od_former_name (object);
