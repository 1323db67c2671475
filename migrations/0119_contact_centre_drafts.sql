-- A report on its way: what a resident has answered so far, kept across errors and devices for seven days. The cookie
-- holds the secret, the row only its SHA-256. The intake key is born with the draft, so sending twice gives one request.
create table cc_draft (
  key_hash text primary key,
  intake_key uuid not null default gen_random_uuid(),
  data jsonb not null default '{}',
  receipt jsonb,
  made_at timestamptz not null,
  updated_at timestamptz not null
);
create index on cc_draft (updated_at);

create table cc_draft_photo (
  id uuid primary key default uuidv7(),
  draft text not null references cc_draft on delete cascade,
  name text not null,
  type text not null,
  content bytea not null,
  made_at timestamptz not null
);
create index on cc_draft_photo (draft);
