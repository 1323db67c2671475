-- The DataStore of the open-data portal (src/systems/open-data/datastore): tables of rows, and what queries of the public reach.

-- One table per served version; nobody names them but `od_table`.
create schema open_data_rows;
-- What queries of the public see: a view for each resource and alias, under its own name.
create schema open_data;
-- Functions that would fill memory or disk, with a limit; they stand before PostgreSQL's own.
create schema open_data_safe;
grant usage, create on schema open_data_rows, open_data to misto_app;

-- The role of a query of the public: it reads the views above and nothing else.
do $$
begin
  if not exists (select from pg_roles where rolname = 'misto_query') then
    create role misto_query nologin;
  end if;
exception
  when duplicate_object or unique_violation then null;
  when insufficient_privilege then
    raise exception 'the role misto_query is missing and % may not make it', current_user
      using hint = 'As an administrator of the server: create role misto_query nologin; grant misto_query to the owner.';
end
$$;
do $$
begin
  if not pg_has_role(current_user, 'misto_query', 'set') then
    execute format('grant misto_query to %I', current_user);
  end if;
end
$$;
grant usage on schema open_data, open_data_safe to misto_query;

-- The table that a resource is asked in.
create table od_table (
  resource uuid primary key references od_resource on delete cascade,
  -- In the schema `open_data_rows`.
  name text not null unique check (name ~ '^[a-z0-9_]{1,63}$'),
  -- [{id, type, info?}] in the order of the file; `_id` and `_full_text` stand beside them.
  fields jsonb not null,
  primary_key jsonb not null default '[]',
  -- Known while nobody writes rows; null: to be counted.
  rows bigint,
  -- `_id` counts from 1 without gaps.
  is_dense boolean not null,
  changed_at timestamptz not null
);
create table od_alias (
  alias text primary key,
  resource uuid not null references od_resource on delete cascade
);
create index od_alias_resource on od_alias (resource);

create function open_data_safe.within(what text, size numeric, most numeric) returns void language plpgsql immutable as $$
begin
  if size > most then
    raise exception '% makes more than % here', what, most using errcode = 'program_limit_exceeded';
  end if;
end
$$;
create function open_data_safe.repeat(text, integer) returns text language plpgsql immutable strict as $$
begin
  perform open_data_safe.within('repeat', octet_length($1)::numeric * greatest($2, 0), 1000000);
  return pg_catalog.repeat($1, $2);
end
$$;
create function open_data_safe.lpad(text, integer) returns text language plpgsql immutable strict as $$
begin
  perform open_data_safe.within('lpad', $2, 1000000);
  return pg_catalog.lpad($1, $2);
end
$$;
create function open_data_safe.lpad(text, integer, text) returns text language plpgsql immutable strict as $$
begin
  perform open_data_safe.within('lpad', $2, 1000000);
  return pg_catalog.lpad($1, $2, $3);
end
$$;
create function open_data_safe.rpad(text, integer) returns text language plpgsql immutable strict as $$
begin
  perform open_data_safe.within('rpad', $2, 1000000);
  return pg_catalog.rpad($1, $2);
end
$$;
create function open_data_safe.rpad(text, integer, text) returns text language plpgsql immutable strict as $$
begin
  perform open_data_safe.within('rpad', $2, 1000000);
  return pg_catalog.rpad($1, $2, $3);
end
$$;
create function open_data_safe.generate_series(integer, integer) returns setof integer language plpgsql immutable strict as $$
begin
  perform open_data_safe.within('generate_series', $2::numeric - $1 + 1, 1000000);
  return query select pg_catalog.generate_series($1, $2);
end
$$;
create function open_data_safe.generate_series(integer, integer, integer) returns setof integer language plpgsql immutable strict as $$
begin
  perform open_data_safe.within('generate_series', ($2::numeric - $1) / nullif($3, 0) + 1, 1000000);
  return query select pg_catalog.generate_series($1, $2, $3);
end
$$;
create function open_data_safe.generate_series(bigint, bigint) returns setof bigint language plpgsql immutable strict as $$
begin
  perform open_data_safe.within('generate_series', $2::numeric - $1 + 1, 1000000);
  return query select pg_catalog.generate_series($1, $2);
end
$$;
create function open_data_safe.generate_series(bigint, bigint, bigint) returns setof bigint language plpgsql immutable strict as $$
begin
  perform open_data_safe.within('generate_series', ($2::numeric - $1) / nullif($3, 0) + 1, 1000000);
  return query select pg_catalog.generate_series($1, $2, $3);
end
$$;
create function open_data_safe.generate_series(numeric, numeric) returns setof numeric language plpgsql immutable strict as $$
begin
  perform open_data_safe.within('generate_series', $2 - $1 + 1, 1000000);
  return query select pg_catalog.generate_series($1, $2);
end
$$;
create function open_data_safe.generate_series(numeric, numeric, numeric) returns setof numeric language plpgsql immutable strict as $$
begin
  perform open_data_safe.within('generate_series', ($2 - $1) / nullif($3, 0) + 1, 1000000);
  return query select pg_catalog.generate_series($1, $2, $3);
end
$$;
create function open_data_safe.generate_series(timestamp, timestamp, interval) returns setof timestamp language plpgsql immutable strict as $$
begin
  perform open_data_safe.within('generate_series',
    extract(epoch from $2 - $1) / nullif(extract(epoch from $3), 0) + 1, 1000000);
  return query select pg_catalog.generate_series($1, $2, $3);
end
$$;
create function open_data_safe.generate_series(timestamptz, timestamptz, interval) returns setof timestamptz language plpgsql stable strict as $$
begin
  perform open_data_safe.within('generate_series',
    extract(epoch from $2 - $1) / nullif(extract(epoch from $3), 0) + 1, 1000000);
  return query select pg_catalog.generate_series($1, $2, $3);
end
$$;
create function open_data_safe.generate_series(timestamptz, timestamptz, interval, text) returns setof timestamptz language plpgsql stable strict as $$
begin
  perform open_data_safe.within('generate_series',
    extract(epoch from $2 - $1) / nullif(extract(epoch from $3), 0) + 1, 1000000);
  return query select pg_catalog.generate_series($1, $2, $3, $4);
end
$$;
