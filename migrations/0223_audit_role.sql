-- The role of whoever chains the audit log. Pages and programs may only add entries to those that wait: what they did cannot be
-- taken back before it is chained (src/platform/database/roles.ts).
do $$
begin
  if not exists (select from pg_roles where rolname = 'misto_audit') then
    create role misto_audit nologin;
  end if;
exception
  when duplicate_object or unique_violation then null;
  when insufficient_privilege then
    raise exception 'the role misto_audit is missing and % may not make it', current_user
      using hint = 'As an administrator of the server: create role misto_audit nologin; grant misto_audit to the owner.';
end
$$;

do $$
begin
  if not pg_has_role(current_user, 'misto_audit', 'set') then
    execute format('grant misto_audit to %I', current_user);
  end if;
end
$$;

grant usage on schema public to misto_audit;
