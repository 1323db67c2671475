-- Terms that run are counted anew when the calendar of the city changes, by an act that says so; each gets a row.
alter table cc_clock_interval drop constraint cc_clock_interval_why_check;
alter table cc_clock_interval add constraint cc_clock_interval_why_check
  check (why in ('waiting_reporter', 'no_access', 'plan', 'danger', 'verification', 'extension', 'merged', 'calendar'));
