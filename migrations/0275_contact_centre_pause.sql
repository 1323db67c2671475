-- Why the work on a request stands still: nobody lets the crew in, or it is dangerous to work.
alter table cc_request add column pause text check (pause in ('no_access', 'danger'));
alter table cc_request add check (pause is null or state in ('accepted', 'in_progress', 'rework'));
