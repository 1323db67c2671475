-- Who people are, how they prove it, what they may do, and for how long they stay signed in (src/platform/identity, access).

create table person (
  id uuid primary key default uuidv7(),
  language text not null default 'uk' check (language in ('uk', 'en')),
  -- Encrypted (src/platform/identity/secrets.ts); null until the person tells it.
  name text,
  assurance smallint not null default 0 check (assurance between 0 and 3),
  -- A demo or seeded person is known by this name of its own; real people have none.
  handle text unique,
  blocked_at timestamptz,
  erased_at timestamptz,
  created_at timestamptz not null
);

create table person_contact (
  id uuid primary key default uuidv7(),
  person_id uuid not null references person (id),
  kind text not null check (kind in ('email', 'phone')),
  value text not null,
  -- HMAC of the normalised value: finds the owner without decrypting anything.
  blind text not null,
  verified_at timestamptz,
  created_at timestamptz not null
);
-- A confirmed contact belongs to one person.
create unique index person_contact_owner on person_contact (kind, blind) where verified_at is not null;
create index person_contact_person on person_contact (person_id);

create table staff_account (
  id uuid primary key default uuidv7(),
  person_id uuid not null unique references person (id),
  login text not null unique check (login = lower(login)),
  -- Shown in the history of cases instead of the name.
  post text not null,
  organisation text,
  password text not null,
  -- Encrypted; null until the first sign-in sets it up.
  totp_secret text,
  -- The last accepted time step: a code is taken once.
  totp_step bigint not null default 0,
  failures int not null default 0,
  locked_until timestamptz,
  blocked_at timestamptz,
  created_at timestamptz not null
);

create table recovery_code (
  account_id uuid not null references staff_account (id),
  code text not null,
  used_at timestamptz,
  primary key (account_id, code)
);

create table access_grant (
  id uuid primary key default uuidv7(),
  person_id uuid not null references person (id),
  role text not null,
  organisation text,
  district text,
  branch text,
  valid_from timestamptz not null,
  valid_until timestamptz,
  granted_by uuid references person (id),
  approved_by uuid references person (id),
  reason text not null,
  revoked_at timestamptz,
  created_at timestamptz not null,
  -- Nobody grants or approves to oneself, and two people are two people.
  check (granted_by is null or granted_by <> person_id),
  check (approved_by is null or (approved_by <> person_id and approved_by <> granted_by))
);
create index access_grant_person on access_grant (person_id) where revoked_at is null;

create table session (
  -- SHA-256 of the token; the token itself is only in the cookie.
  token_hash bytea primary key,
  id uuid not null unique default uuidv7(),
  person_id uuid not null references person (id),
  kind text not null check (kind in ('person', 'staff')),
  assurance smallint not null check (assurance between 0 and 3),
  -- Which browser, in few words, so that the owner recognises it.
  device text not null default '',
  created_at timestamptz not null,
  seen_at timestamptz not null,
  expires_at timestamptz not null
);
create index session_person on session (person_id);

-- Codes sent to confirm a contact: hashed, few tries, short-lived.
create table contact_code (
  id uuid primary key default uuidv7(),
  -- The address, encrypted: a person is taken in only when the code comes back.
  value text not null,
  blind text not null,
  code bytea not null,
  tries int not null default 0,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  used_at timestamptz
);
create index contact_code_blind on contact_code (blind, created_at);

-- Counters of the limits. They may be lost with a crash; speed matters more.
create unlogged table rate_count (
  key text not null,
  window_start timestamptz not null,
  count int not null,
  primary key (key, window_start)
);

-- Answers kept for a repeated request with the same key.
create table idempotency (
  scope text not null,
  key text not null,
  body_hash bytea not null,
  status int,
  headers jsonb,
  body bytea,
  created_at timestamptz not null,
  primary key (scope, key)
);
create index idempotency_created on idempotency (created_at);

-- One row for this installation: what has been done once for all of its processes.
create table installation (
  id int primary key check (id = 1),
  demo_filled_at timestamptz
);
insert into installation (id) values (1);
