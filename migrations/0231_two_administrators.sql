-- Roles that one administrator proposes and another approves: only then does a grant exist.
create table grant_proposal (
  id uuid primary key default uuidv7(),
  person_id uuid not null references person (id),
  role text not null,
  organisation text,
  district text,
  branch text,
  -- null: from the approval on.
  valid_from timestamptz,
  valid_until timestamptz,
  reason text not null,
  proposed_by uuid not null references person (id),
  proposed_at timestamptz not null,
  decided_by uuid references person (id),
  decided_at timestamptz,
  outcome text check (outcome in ('approved', 'refused')),
  check (valid_until > valid_from),
  check ((outcome is null) = (decided_at is null) and (outcome is null) = (decided_by is null)),
  -- Nobody proposes or approves to oneself, and two people are two people; whoever proposed may take it back.
  check (proposed_by <> person_id and decided_by <> person_id),
  check (outcome is distinct from 'approved' or decided_by <> proposed_by)
);
create index grant_proposal_open on grant_proposal (proposed_at) where outcome is null;
create index grant_proposal_person on grant_proposal (person_id);

-- A lost password or second factor: one administrator asks, another lets it happen.
create table credential_reset (
  id uuid primary key default uuidv7(),
  account_id uuid not null references staff_account (id),
  what text not null check (what in ('password', 'second-factor')),
  reason text not null,
  asked_by uuid not null references person (id),
  asked_at timestamptz not null,
  decided_by uuid references person (id),
  decided_at timestamptz,
  outcome text check (outcome in ('approved', 'refused')),
  check ((outcome is null) = (decided_at is null) and (outcome is null) = (decided_by is null)),
  check (outcome is distinct from 'approved' or decided_by <> asked_by)
);
create unique index credential_reset_open on credential_reset (account_id, what) where outcome is null;
