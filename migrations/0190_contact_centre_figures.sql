-- A city of a million requests is counted from indexes alone: each holds the columns that its lists and figures look at,
-- so no figure walks through the wide rows themselves (bench/large.ts).

-- Pins of the map that are open; cells are cut from degrees.
create index cc_request_pins on cc_request (public_lat, public_lon)
  include (number, state, branch, class, organisation, created_at)
  where publication = 'published' and regime = 'service' and not sandbox and state not in ('closed', 'merged');

-- The public list and its totals.
create index cc_request_public on cc_request (created_at desc, number desc)
  include (state, closing, branch, category, district, organisation)
  where publication = 'published' and regime = 'service' and not sandbox;

-- Queues and the supervisor's figures.
drop index cc_request_queue;
create index cc_request_queue on cc_request (organisation, next_due, number)
  include (state, class, branch, district, unit, crew, rework_count, return_count, planned_for)
  where state not in ('closed', 'merged', 'in_event') and not sandbox;
drop index cc_request_open_due;
create index cc_request_open_due on cc_request (next_due, number)
  include (state, class, branch, district, organisation, rework_count, return_count, planned_for, fix_due, claimed_at)
  where state not in ('closed', 'merged', 'in_event') and not sandbox;
create index cc_request_in_event on cc_request (event) where event is not null;

-- The league table.
drop index cc_request_closed;
create index cc_request_closed on cc_request (closed_at)
  include (closing, organisation, created_at, claimed_at, fix_due, rework_count, number)
  where closed_at is not null and not sandbox;
drop index cc_attempt_claimed;
create index cc_attempt_claimed on cc_attempt (claimed_at) include (organisation, outcome, request);
create index cc_request_sandbox on cc_request (number) where sandbox;
create index cc_clock_paused on cc_clock (request, kind) where paused_at is not null;
