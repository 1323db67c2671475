-- Promises of the open-data portal: when the next version of a dataset is due, and whether it came (src/systems/open-data/promises).

-- Обіцяно / зроблено: each promise of an update and what came of it. The open one of a dataset is its clock; od_dataset.due_at is its date.
create table od_promise (
  id uuid primary key default uuidv7(),
  dataset uuid not null references od_dataset on delete cascade,
  -- The version, or the word that nothing has changed, from which it counts.
  made_at timestamptz not null,
  frequency text not null,
  due_at timestamptz not null,
  -- The next version or word.
  kept_at timestamptz,
  -- When the clock stopped, or was set to another period, after the date had passed: it was never kept.
  dropped_at timestamptz,
  -- When everybody was told that the date has passed.
  overdue_at timestamptz,
  check (kept_at is null or dropped_at is null)
);
create unique index od_promise_open on od_promise (dataset) where kept_at is null and dropped_at is null;
create index od_promise_due on od_promise (due_at) where kept_at is null and dropped_at is null;
create index od_promise_dataset on od_promise (dataset, due_at desc);

-- «Змін немає»: a publisher's word that the served data are still right.
create table od_confirmation (
  id uuid primary key default uuidv7(),
  dataset uuid not null references od_dataset on delete cascade,
  at timestamptz not null,
  author uuid references person,
  author_name text not null
);
create index od_confirmation_dataset on od_confirmation (dataset, at desc);

-- Who was told what of which promise.
create table od_reminder (
  promise uuid not null references od_promise on delete cascade,
  stage text not null check (stage in ('soon', 'late', 'very late')),
  person uuid not null references person,
  told_at timestamptz not null,
  primary key (promise, stage, person)
);
create index od_reminder_person on od_reminder (person);
