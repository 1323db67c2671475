-- Contact centre: city data, requests and everything that hangs on them. Domain rules live in src/systems/contact-centre;
-- here stands only what must never happen twice or together.

-- Versioned city data. The one row of cc_data changes its number with every publication, so processes know when to reload.
create table cc_data (
  single boolean primary key default true check (single),
  version bigint not null default 0,
  changed_at timestamptz not null default '2000-01-01T00:00:00Z'
);
insert into cc_data default values;

create table cc_organisation (
  id text primary key check (id ~ '^[a-z0-9-]+$'),
  name jsonb not null,
  kind text not null check (kind in ('executor', 'owner', 'council', 'other')),
  phone text,
  duty_phone text,
  edrpou text,
  url text,
  active boolean not null default true
);

create table cc_unit (
  id text primary key,
  organisation text not null references cc_organisation,
  name jsonb not null,
  kind text not null default 'unit' check (kind in ('unit', 'duty_desk', 'crew')),
  phone text,
  active boolean not null default true
);
create index on cc_unit (organisation);

create table cc_district (
  code text primary key,
  name jsonb not null,
  -- Rings in local metres; a district may have several parts and holes.
  boundary jsonb not null default '[]'
);

create table cc_building (
  id text primary key,
  street text not null,
  house text not null,
  address text not null,
  district text not null references cc_district,
  zipcode text,
  lat double precision not null,
  lon double precision not null,
  place point not null,
  owner text references cc_organisation,
  flats integer,
  network_zones jsonb not null default '[]'
);
create index on cc_building using gist (place);
create index on cc_building using gin (address gin_trgm_ops);
create index on cc_building (owner);

create table cc_contract (
  id text primary key,
  number text not null,
  organisation text not null references cc_organisation,
  -- Category branch whose work the contract covers.
  branch text not null,
  building text not null references cc_building,
  valid_from date not null,
  valid_to date
);
create index on cc_contract (building, branch);

create table cc_category (
  code text not null check (code ~ '^[a-z0-9-]+$'),
  version integer not null,
  body jsonb not null,
  valid_from timestamptz not null,
  valid_to timestamptz,
  primary key (code, version)
);
create unique index cc_category_current on cc_category (code) where valid_to is null;

create table cc_rule_set (
  version integer primary key,
  status text not null check (status in ('draft', 'published', 'retired')),
  rules jsonb not null,
  author text not null,
  made_at timestamptz not null,
  publisher text,
  published_at timestamptz,
  note text
);
create unique index cc_rule_set_published on cc_rule_set (status) where status = 'published';

create table cc_dry_run (
  id uuid primary key default uuidv7(),
  rule_version integer not null references cc_rule_set,
  rules_hash text not null,
  period_from timestamptz not null,
  period_to timestamptz not null,
  report jsonb not null,
  made_by text not null,
  made_at timestamptz not null,
  read_by text,
  read_at timestamptz
);
create index on cc_dry_run (rule_version);

create table cc_request (
  number text primary key check (number ~ '^[0-9]{11}$'),
  source text not null,
  intake_key text not null,
  payload_hash text not null,
  sandbox boolean not null default false,
  regime text not null check (regime in ('service', 'statutory')),
  category text not null,
  category_version integer not null,
  branch text not null,
  class text not null check (class in ('urgent', 'emergency', 'ordinary', 'question')),
  text text not null,
  public_text text,
  answers jsonb not null default '[]',
  building text,
  address text,
  public_address text,
  district text,
  flat text,
  lat double precision,
  lon double precision,
  place point,
  public_lat double precision,
  public_lon double precision,
  public_place point,
  private boolean not null default false,
  publication text not null check (publication in ('published', 'awaiting', 'hidden', 'removed')),
  duplicate_group text not null,
  -- 'infinity' while open, 14 days after closing later: how long neighbours are shown it.
  nearby_until timestamptz not null default 'infinity',
  state text not null check (state in ('registered', 'triage', 'assigned', 'accepted', 'planned', 'in_progress',
    'waiting_reporter', 'claimed', 'rework', 'merged', 'in_event', 'closed')),
  closing text check (closing in ('confirmed', 'unverified', 'refused', 'transferred', 'withdrawn')),
  result text check (result in ('fixed', 'explained', 'impossible')),
  state_before text,
  version integer not null default 1,
  history_head text not null,
  master text references cc_request,
  event text,
  organisation text,
  unit text,
  crew text,
  rework_count integer not null default 0,
  return_count integer not null default 0,
  reporters integer not null default 1,
  public_note text,
  planned_for timestamptz,
  -- The nearest running clock: what queues are sorted by.
  next_due timestamptz,
  fix_due timestamptz,
  client text,
  follows text references cc_request,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  claimed_at timestamptz,
  window_until timestamptz,
  closed_at timestamptz,
  unique (source, intake_key),
  check ((state = 'closed') = (closing is not null)),
  check ((state = 'closed') = (closed_at is not null)),
  check ((state = 'merged') = (master is not null)),
  check (master is null or master <> number),
  check ((state = 'in_event') = (event is not null)),
  check (state <> 'waiting_reporter' or state_before is not null),
  check (regime = 'service' or publication = 'hidden')
);
create index cc_request_created on cc_request (created_at desc, number desc) where not sandbox;
create index cc_request_updated on cc_request (updated_at, number) where not sandbox;
create index cc_request_queue on cc_request (organisation, next_due, number)
  where state not in ('closed', 'merged', 'in_event') and not sandbox;
create index cc_request_nearby on cc_request using gist (duplicate_group, place, nearby_until)
  where place is not null and not sandbox;
create index cc_request_map on cc_request using gist (public_place) where publication = 'published' and not sandbox;
create index cc_request_building on cc_request (building, created_at desc) where building is not null;
create index cc_request_master on cc_request (master) where master is not null;
create index cc_request_window on cc_request (window_until) where state = 'claimed';

create table cc_reporter (
  id uuid primary key default uuidv7(),
  request text not null references cc_request,
  person text,
  name text,
  phone text,
  email text,
  residence text,
  device text,
  account text,
  anonymous_key text,
  channel text not null,
  language text not null default 'uk',
  notify boolean not null default true,
  -- The one who may withdraw; when that one leaves, the next leads.
  lead boolean not null default false,
  joined_at timestamptz not null,
  withdrawn_at timestamptz,
  verdict text check (verdict in ('yes', 'no', 'partly')),
  verdict_attempt integer,
  verdict_at timestamptz,
  grade smallint check (grade between 1 and 5),
  asked_at timestamptz,
  asks integer not null default 0,
  missed_calls integer not null default 0
);
create index on cc_reporter (request);
create index on cc_reporter (person) where person is not null;
create index on cc_reporter (phone) where phone is not null;
create unique index cc_reporter_person_once on cc_reporter (request, person) where person is not null;

-- Links that act for someone without an account: only the SHA-256 of the 128-bit token is kept.
create table cc_link (
  token_hash text primary key,
  request text not null references cc_request,
  reporter uuid references cc_reporter,
  kind text not null check (kind in ('follow', 'crew')),
  crew text,
  made_at timestamptz not null,
  expires_at timestamptz,
  revoked_at timestamptz
);
create index on cc_link (request);

create table cc_assignment (
  id uuid primary key default uuidv7(),
  request text not null references cc_request,
  organisation text not null,
  unit text,
  crew text,
  role text not null check (role in ('main', 'co')),
  decision jsonb not null,
  opened_at timestamptz not null,
  accepted_at timestamptz,
  closed_at timestamptz,
  outcome text
);
create unique index cc_assignment_one_main on cc_assignment (request) where role = 'main' and closed_at is null;
create index on cc_assignment (request);

create table cc_attempt (
  request text not null references cc_request,
  no integer not null,
  assignment uuid references cc_assignment,
  organisation text,
  crew text,
  result text not null check (result in ('fixed', 'explained', 'impossible')),
  answer text not null,
  evidence jsonb not null default '[]',
  evidence_faults jsonb not null default '[]',
  claimed_by jsonb not null,
  claimed_at timestamptz not null,
  outcome text check (outcome in ('confirmed', 'unverified', 'vetoed', 'rejected', 'withdrawn')),
  primary key (request, no)
);

create table cc_verification (
  id uuid primary key default uuidv7(),
  request text not null references cc_request,
  attempt integer not null,
  reporter uuid not null references cc_reporter,
  method text not null check (method in ('link', 'sms', 'cabinet', 'call', 'desk')),
  verdict text not null check (verdict in ('yes', 'no', 'partly', 'missed')),
  grade smallint check (grade between 1 and 5),
  comment text,
  by_actor jsonb not null,
  day_part text check (day_part in ('morning', 'day', 'evening')),
  call_record text,
  at timestamptz not null
);
create index on cc_verification (request);

create table cc_clock (
  request text not null references cc_request,
  kind text not null check (kind in ('accept', 'arrive', 'fix', 'answer', 'statutory')),
  started_at timestamptz not null,
  due timestamptz not null,
  warn_at timestamptz not null,
  stopped_at timestamptz,
  -- Set while the clock stands still; on resuming the due date moves by that long.
  paused_at timestamptz,
  warned_at timestamptz,
  breached_at timestamptz,
  explanation jsonb not null,
  primary key (request, kind)
);
create index cc_clock_warn on cc_clock (warn_at) where stopped_at is null and paused_at is null and warned_at is null;
create index cc_clock_breach on cc_clock (due) where stopped_at is null and paused_at is null and breached_at is null;

-- A due date moves only by a row here.
create table cc_clock_interval (
  id uuid primary key default uuidv7(),
  request text not null references cc_request,
  kind text not null,
  why text not null check (why in ('waiting_reporter', 'no_access', 'plan', 'danger', 'verification', 'extension')),
  from_at timestamptz not null,
  to_at timestamptz,
  due_before timestamptz not null,
  due_after timestamptz,
  actor jsonb not null,
  note text
);
create index on cc_clock_interval (request);

create table cc_history (
  request text not null references cc_request,
  seq integer not null,
  at timestamptz not null,
  move text not null,
  from_state text,
  to_state text not null,
  actor jsonb not null,
  -- Facts and masked words only: nothing here has to be erased for a person's sake.
  data jsonb not null,
  public_note text,
  prev text,
  hash text not null,
  primary key (request, seq),
  check ((seq = 1) = (prev is null))
);
create index cc_history_at on cc_history (at, request);

create function cc_history_append_only() returns trigger language plpgsql as $$
begin
  raise exception 'cc_history is append-only';
end $$;
create trigger cc_history_no_change before update or delete on cc_history
  for each row execute function cc_history_append_only();
create trigger cc_history_no_truncate before truncate on cc_history
  for each statement execute function cc_history_append_only();

create function cc_history_chain() returns trigger language plpgsql as $$
begin
  if not exists (select 1 from cc_history
                 where request = new.request and seq = new.seq - 1 and hash = new.prev and to_state = new.from_state) then
    raise exception 'cc_history: entry % of % does not follow its predecessor', new.seq, new.request;
  end if;
  return new;
end $$;
create trigger cc_history_follows before insert on cc_history
  for each row when (new.seq > 1) execute function cc_history_chain();

-- Words as people wrote them, apart from the history so that they can be erased.
create table cc_note (
  request text not null references cc_request,
  seq integer not null,
  text text not null,
  primary key (request, seq)
);

create table cc_photo (
  id uuid primary key default uuidv7(),
  request text not null references cc_request,
  file text not null,
  kind text not null check (kind in ('report', 'before', 'after', 'veto')),
  title text,
  width integer,
  height integer,
  taken_at timestamptz,
  lat double precision,
  lon double precision,
  public boolean not null default false,
  at timestamptz not null,
  unique (request, file)
);

-- Exactly one message to each reporter for each public change.
create table cc_message (
  id uuid primary key default uuidv7(),
  request text not null references cc_request,
  seq integer not null,
  reporter uuid not null references cc_reporter,
  template text not null,
  at timestamptz not null,
  unique (request, seq, reporter)
);

-- One conversation, whatever became of it.
create table cc_contact (
  id uuid primary key default uuidv7(),
  channel text not null,
  operator text,
  phone text,
  call_id text,
  person text,
  building text,
  category text,
  outcome text not null check (outcome in ('open', 'consultation', 'request', 'joined', 'out_of_competence', 'dropped')),
  requests jsonb not null default '[]',
  note text,
  started_at timestamptz not null,
  ended_at timestamptz,
  unique (call_id)
);
create index on cc_contact (phone) where phone is not null;
create index on cc_contact (started_at);

create table cc_subscription (
  id uuid primary key default uuidv7(),
  person text,
  email text,
  district text,
  branch text,
  place point,
  radius integer,
  token_hash text not null unique,
  confirmed_at timestamptz,
  ended_at timestamptz,
  made_at timestamptz not null
);
