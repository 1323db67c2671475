-- Rules are edited draft by draft: everybody who wrote on a draft is its author, and none of them publishes it alone.
alter table cc_rule_set add column author_name text;
alter table cc_rule_set add column publisher_name text;
alter table cc_rule_set add column editors jsonb not null default '[]';

-- A dry run over a year of a large city takes longer than a page may: it is asked for, runs as a job, and tells how far it is.
alter table cc_dry_run alter column report drop not null;
alter table cc_dry_run add column status text not null default 'done' check (status in ('waiting', 'running', 'done', 'failed'));
alter table cc_dry_run add column requests_done integer not null default 0;
alter table cc_dry_run add column requests_total integer not null default 0;
alter table cc_dry_run add check ((status = 'done') = (report is not null));
alter table cc_dry_run add check (read_at is null or status = 'done');
