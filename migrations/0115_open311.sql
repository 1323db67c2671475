-- Open311: who may write, what was promised for a token, which pushed updates are known, and the sandbox, whose posts
-- never reach the city's own tables.
create table open311_key (
  id uuid primary key default uuidv7(),
  -- SHA-256 of the key; the key itself is shown once.
  key_hash text not null unique,
  label text not null,
  kind text not null check (kind in ('app', 'agency')),
  -- In whose post an agency's program acts.
  organisation text,
  made_at timestamptz not null,
  revoked_at timestamptz,
  check ((kind = 'agency') = (organisation is not null))
);

create table open311_rate (
  key text not null,
  minute timestamptz not null,
  posts integer not null,
  primary key (key, minute)
);

-- The same key and payload within ten minutes is the same request, whichever process receives it.
create table open311_post (
  key text not null,
  payload_hash text not null,
  sandbox boolean not null,
  request text not null,
  token text unique,
  -- Not jsonb: it is given again as it was given first.
  answer json not null,
  at timestamptz not null,
  client_request_id text,
  primary key (key, sandbox, request),
  unique (key, sandbox, client_request_id)
);
create index on open311_post (key, payload_hash, at);
create index on open311_post (at);
create index on open311_post (request);

create table open311_update (
  key text not null,
  update_id text not null,
  sandbox boolean not null,
  payload_hash text not null,
  -- Under which GET lists it.
  listed_id text not null,
  at timestamptz not null,
  primary key (key, sandbox, update_id)
);

create table open311_sandbox_request (
  number text primary key check (number ~ '^[0-9]{11}$'),
  key text not null,
  intake_key text not null,
  service_code text not null,
  description text,
  answers jsonb not null default '[]',
  address text,
  address_id text,
  zipcode text,
  lat double precision,
  lon double precision,
  status text not null default 'open' check (status in ('open', 'closed')),
  status_notes text,
  media_url text,
  requested_at timestamptz not null,
  updated_at timestamptz not null,
  unique (key, intake_key)
);
create index on open311_sandbox_request (requested_at desc, number desc);

create table open311_sandbox_update (
  request text not null references open311_sandbox_request on delete cascade,
  seq integer not null,
  status text not null,
  description text,
  media_url text,
  at timestamptz not null,
  primary key (request, seq)
);
create index on open311_sandbox_update (at, request, seq);
