-- While a request is merged its clocks stand still; taken out again, they run on, and a row says so.
alter table cc_clock_interval drop constraint cc_clock_interval_why_check;
alter table cc_clock_interval add constraint cc_clock_interval_why_check
  check (why in ('waiting_reporter', 'no_access', 'plan', 'danger', 'verification', 'extension', 'merged'));
