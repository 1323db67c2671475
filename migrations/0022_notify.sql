-- Messages to people: what was said, how it went out, and what came of each attempt (src/platform/notify).
create table message (
  id uuid primary key default uuidv7(),
  -- Event that caused it; with recipient and template it is said once.
  event text not null,
  recipient text not null,
  person_id uuid,
  -- Address of someone without an account, encrypted.
  address text,
  template text not null,
  language text not null check (language in ('uk', 'en')),
  weight text not null check (weight in ('legal', 'service', 'news')),
  urgent boolean not null default false,
  subject text not null,
  lines text[] not null,
  href text,
  created_at timestamptz not null,
  read_at timestamptz,
  unique (event, recipient, template)
);
create index message_inbox on message (person_id, created_at desc, id desc) where person_id is not null;
create index message_unread on message (person_id) where person_id is not null and read_at is null;

-- One row for each channel a message is tried on.
create table delivery (
  id uuid primary key default uuidv7(),
  message_id uuid not null references message (id),
  channel text not null,
  state text not null check (state in ('queued', 'sending', 'sent', 'failed', 'uncertain', 'expired')),
  due_at timestamptz not null,
  attempts int not null default 0,
  started_at timestamptz,
  unique (message_id, channel)
);
create index delivery_due on delivery (channel, due_at) where state = 'queued';
create index delivery_under_way on delivery (started_at) where state = 'sending';

-- Evidence: one row for each attempt, never changed.
create table delivery_attempt (
  id uuid primary key default uuidv7(),
  delivery_id uuid not null references delivery (id),
  at timestamptz not null,
  outcome text not null check (outcome in ('sent', 'failed', 'refused', 'uncertain', 'expired')),
  detail text not null default ''
);
create index delivery_attempt_delivery on delivery_attempt (delivery_id, at);

-- What a person chose to get where; without a row the default holds (service: yes, news: no).
create table notification_preference (
  person_id uuid not null,
  weight text not null check (weight in ('service', 'news')),
  channel text not null,
  wanted boolean not null,
  changed_at timestamptz not null,
  primary key (person_id, weight, channel)
);

-- Letters of an installation without a mail server that is only shown (demo, test).
create table kept_mail (
  id uuid primary key default uuidv7(),
  address text not null,
  subject text not null,
  body text not null,
  at timestamptz not null
);
