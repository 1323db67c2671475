-- Pages may connect under a login of their own (src/platform/database/app-login.ts). Then queries of the public are left for that
-- login, not for the owner: it must be able to become their roles, without having their rights itself.
do $$
begin
  grant misto_query, misto_query_private to misto_app with inherit false, set true;
exception
  -- Where an administrator made the roles: docs/operations.md has the line to be said there.
  when insufficient_privilege then null;
end
$$;
