-- Cases that a member of staff neither reads nor acts on: their own, a relative's, their company's, or one they were challenged in.
create table recusal (
  id uuid primary key default uuidv7(),
  person_id uuid not null references person (id),
  -- `request:26483729153`, `organisation:teplo`, `person:…` (whoever reports is that person).
  resource text not null,
  kind text not null check (kind in ('own', 'declared', 'challenged')),
  reason text not null,
  declared_by uuid references person (id),
  declared_at timestamptz not null,
  lifted_by uuid references person (id),
  lifted_at timestamptz,
  check (lifted_by <> person_id),
  check (kind <> 'challenged' or declared_by <> person_id)
);
create unique index recusal_in_force on recusal (person_id, resource) where lifted_at is null;
