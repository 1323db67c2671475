-- Reading over the usual rights in an emergency: an hour, with a reason, and always looked at afterwards.
create table emergency_access (
  id uuid primary key default uuidv7(),
  person_id uuid not null references person (id),
  grant_id uuid not null references access_grant (id),
  post text not null,
  organisation text,
  -- Sealed: it may speak of somebody.
  reason text not null,
  opened_at timestamptz not null,
  until timestamptz not null,
  reviewed_by uuid references person (id),
  reviewed_at timestamptz,
  verdict text check (verdict in ('justified', 'unjustified')),
  note text,
  check (until >= opened_at),
  check (reviewed_by <> person_id),
  check ((verdict is null) = (reviewed_at is null) and (verdict is null) = (reviewed_by is null) and (verdict is null) = (note is null))
);
create index emergency_access_waits on emergency_access (opened_at) where verdict is null;
create index emergency_access_person on emergency_access (person_id, until);
