-- The demo city opens with its last weeks; when its whole past is there, this says so.
alter table installation add column demo_past_at timestamptz;
-- A city that was filled by an earlier version has its past.
update installation set demo_past_at = demo_filled_at;
