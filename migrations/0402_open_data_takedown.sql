-- Why something was taken down for good, in words for the public: what is left of it.
alter table od_version add column takedown_reason text;
alter table od_resource add column taken_down_at timestamptz;
alter table od_resource add column takedown_reason text;
