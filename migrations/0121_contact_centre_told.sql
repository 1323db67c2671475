-- What became of each message owed to a reporter: handed to the platform's delivery, or why not.
alter table cc_message
  add column done_at timestamptz,
  add column outcome text check (outcome in ('told', 'no_way', 'too_late')),
  -- The platform's message, whose deliveries are the evidence.
  add column message uuid,
  add check ((done_at is null) = (outcome is null)),
  add check (outcome = 'told' or message is null);
create index cc_message_owed on cc_message (at, id) where done_at is null;
create index cc_message_reporter on cc_message (reporter);
