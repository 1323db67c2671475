-- What the desks' lists walk along.
create index cc_request_triage on cc_request (created_at, number)
  where state in ('registered', 'triage') and not sandbox;
create index cc_request_moderation on cc_request (created_at, number)
  where publication = 'awaiting' and not sandbox;
create index cc_request_open_due on cc_request (next_due, number)
  where state not in ('closed', 'merged', 'in_event') and not sandbox;
create index cc_request_plan on cc_request (planned_for) where state = 'planned';
create index cc_request_waiting on cc_request (updated_at) where state = 'waiting_reporter';
create index cc_request_closed on cc_request (closed_at) where closed_at is not null and not sandbox;
create index cc_attempt_claimed on cc_attempt (claimed_at);
create index cc_verification_at on cc_verification (at);
create index cc_contact_building on cc_contact (building, started_at desc) where building is not null;

-- A photo waits for a moderator until one has looked, whatever was decided.
alter table cc_photo add column moderated_at timestamptz;
create index cc_photo_waiting on cc_photo (request) where moderated_at is null and not public;
