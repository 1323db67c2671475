-- A person asks about a look at their data; the privacy officer answers. Both texts are under the person's own key.
create table privacy_question (
  id uuid primary key default uuidv7(),
  person_id uuid not null references person (id),
  -- The entry of the audit log that is asked about.
  entry bigint not null,
  words text not null,
  asked_at timestamptz not null,
  due_at timestamptz not null,
  answer text,
  answered_by uuid references person (id),
  answered_at timestamptz,
  check ((answer is null) = (answered_at is null) and (answer is null) = (answered_by is null)),
  check (answered_by <> person_id),
  unique (person_id, entry)
);
create index privacy_question_open on privacy_question (due_at) where answered_at is null;

-- Looks that the person is not told of for a while: on a ground of law, and never without an end.
create table audit_withholding (
  id uuid primary key default uuidv7(),
  person_id uuid not null references person (id),
  -- What was looked at, as the entries name it.
  resource text not null,
  ground text not null check (ground <> ''),
  until timestamptz not null,
  set_by uuid not null references person (id),
  set_at timestamptz not null,
  ended_at timestamptz,
  check (until > set_at and set_by <> person_id)
);
create index audit_withholding_person on audit_withholding (person_id);
