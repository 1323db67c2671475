-- The role the pages and programs work as. It owns nothing, so no mistake of theirs can change the schema, and what only
-- grows (audit, histories) it can neither change nor delete: src/platform/database/roles.ts gives the rights table by table.
-- Roles belong to the whole server: another database may have made it already, or be making it in this moment.
do $$
begin
  if not exists (select from pg_roles where rolname = 'misto_app') then
    create role misto_app nologin;
  end if;
exception
  when duplicate_object or unique_violation then null;
  when insufficient_privilege then
    raise exception 'the role misto_app is missing and % may not make it', current_user
      using hint = 'As an administrator of the server: create role misto_app nologin; grant misto_app to the owner.';
end
$$;

do $$
begin
  if not pg_has_role(current_user, 'misto_app', 'set') then
    execute format('grant misto_app to %I', current_user);
  end if;
end
$$;

grant usage on schema public to misto_app;
-- New tables can be read and added to; the right to change comes with the next migration run. So a partition made while
-- the city is running never opens a way around its table.
alter default privileges in schema public grant select, insert on tables to misto_app;
alter default privileges in schema public grant usage, select on sequences to misto_app;
