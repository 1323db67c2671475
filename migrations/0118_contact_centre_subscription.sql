-- News of an area: in which language, and up to when they have been told.
alter table cc_subscription
  add column language text not null default 'uk',
  add column told_until timestamptz;
create index on cc_subscription (confirmed_at) where confirmed_at is not null and ended_at is null;
