-- A published request that becomes an appeal leaves the open data as what a moderator removes does: copies learn of it.
alter table cc_request drop constraint cc_request_check6;
alter table cc_request add constraint cc_request_statutory_unpublished
  check (regime = 'service' or publication in ('hidden', 'removed'));
