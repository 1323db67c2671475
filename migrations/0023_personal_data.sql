-- Each person's own key, wrapped by the installation's ring: destroying it makes unreadable all that was sealed with it.
create table person_key (
  person_id uuid primary key,
  -- null: destroyed. Text sealed with it stays where it is and says nothing any more.
  wrapped text,
  destroyed_at timestamptz,
  check ((wrapped is null) = (destroyed_at is not null))
);

-- Erasures: one person prepares, another approves, and what stays is written down with the reason.
create table erasure (
  id uuid primary key default uuidv7(),
  person_id uuid not null,
  reason text not null,
  prepared_by uuid not null,
  prepared_at timestamptz not null,
  approved_by uuid,
  done_at timestamptz,
  kept text[] not null default '{}',
  check (approved_by <> prepared_by),
  check ((approved_by is null) = (done_at is null))
);
create unique index erasure_open on erasure (person_id) where done_at is null;
