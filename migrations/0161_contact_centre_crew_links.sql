-- A crew's link works for the enterprise that gave it: sent elsewhere, the request is no longer theirs.
alter table cc_link add column organisation text;
alter table cc_link add column made_by text;
alter table cc_link add constraint cc_link_crew_ends
  check (kind <> 'crew' or (expires_at is not null and organisation is not null and reporter is null));
