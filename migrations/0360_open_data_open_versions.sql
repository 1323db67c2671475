-- Versions that people may ask for, and versions of rows that programs write (src/systems/open-data/versions.ts, cut.ts).

-- Since when everybody may read it; null: it was replaced before its dataset was public, so it is its publisher's alone.
alter table od_version add column opened_at timestamptz;
update od_version v set opened_at = v.made_at
from od_resource r join od_dataset d on d.id = r.dataset
where r.id = v.resource and not d.private and d.state in ('published', 'archived');

-- What the columns of a version hold, column by column (columnar/profile.ts); null: not looked at yet.
alter table od_version add column profile jsonb;

-- Rows written since the last version was cut.
alter table od_table add column uncut bigint not null default 0;
create index od_table_uncut on od_table (changed_at) where uncut > 0;
