-- A load that ended its process several times is not tried for ever.
alter table od_load add column tries integer not null default 0;
-- The file as it came gives people away, though what is published of it does not: it is not handed out.
alter table od_version add column raw_closed boolean not null default false;
alter table od_resource add column raw_closed boolean not null default false;
