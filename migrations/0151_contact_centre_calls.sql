-- A conversation while it lasts, and a dropped one until somebody has called back. Typed words are sealed; after seven days
-- the row goes. What became of a conversation is kept in cc_contact.
create table cc_call (
  id uuid primary key,
  operator text not null,
  -- Born with the form: pressing twice registers once.
  intake_key uuid not null default gen_random_uuid(),
  draft text not null,
  -- What it has led to so far: [{number, how}].
  requests jsonb not null default '[]',
  -- The contact that was cut off; set: it waits to be called back.
  dropped uuid references cc_contact on delete cascade,
  started_at timestamptz not null,
  updated_at timestamptz not null
);
-- One operator speaks with one person.
create unique index cc_call_one on cc_call (operator) where dropped is null;
create index cc_call_back on cc_call (started_at, id) where dropped is not null;
create index cc_call_age on cc_call (updated_at);
