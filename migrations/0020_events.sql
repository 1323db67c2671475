-- Events after the relay: a gapless number gives every consumer one order to walk along.
create table event_log (
  number bigint primary key,
  id uuid not null unique,
  name text not null,
  topic text,
  payload jsonb not null,
  occurred_at timestamptz not null
);
create index event_log_topic on event_log (topic, number) where topic is not null;

-- How far each consumer has come, and how often the event it stands at has failed.
create table event_cursor (
  consumer text primary key,
  number bigint not null,
  attempts integer not null default 0,
  error text
);

-- Events that a consumer could not take: shown to administrators, while the consumer goes on.
create table event_dead_letter (
  consumer text not null,
  number bigint not null,
  error text not null,
  attempts integer not null,
  at timestamptz not null,
  primary key (consumer, number)
);
