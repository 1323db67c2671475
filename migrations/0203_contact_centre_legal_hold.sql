-- Since when a request is under legal hold, and by whose decision.
alter table cc_request
  add column legal_hold_at timestamptz,
  add column legal_hold_by text;
update cc_request set legal_hold_at = updated_at, legal_hold_by = '' where legal_hold is not null;
alter table cc_request add constraint cc_request_legal_hold
  check ((legal_hold is null) = (legal_hold_at is null) and (legal_hold is null) = (legal_hold_by is null));
create index cc_request_held on cc_request (legal_hold_at desc, number desc) where legal_hold is not null;
