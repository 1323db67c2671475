-- A contact whose seal does not open (moved, tampered with) is told of as such, and keeps no other letter waiting.
alter table cc_message drop constraint cc_message_outcome_check;
alter table cc_message add constraint cc_message_outcome_check check (outcome in ('told', 'no_way', 'too_late', 'unreadable'));
