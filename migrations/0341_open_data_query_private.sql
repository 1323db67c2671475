-- Queries of those who may read what is not public: every table that the query names was checked for the person who asks.
do $$
begin
  if not exists (select from pg_roles where rolname = 'misto_query_private') then
    create role misto_query_private nologin;
  end if;
exception
  when duplicate_object or unique_violation then null;
  when insufficient_privilege then
    raise exception 'the role misto_query_private is missing and % may not make it', current_user
      using hint = 'As an administrator of the server: create role misto_query_private nologin; grant misto_query_private to the owner.';
end
$$;
do $$
begin
  if not pg_has_role(current_user, 'misto_query_private', 'set') then
    execute format('grant misto_query_private to %I', current_user);
  end if;
end
$$;
grant usage on schema open_data, open_data_safe to misto_query_private;
