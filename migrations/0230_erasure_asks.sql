-- A person asks in the cabinet; an officer prepares, another approves; or it is refused with a ground, or taken back.
alter table erasure
  alter column prepared_by drop not null,
  alter column prepared_at drop not null,
  alter column reason set default '',
  add column asked_at timestamptz,
  -- By when the city must have answered (2297-VI, art. 16).
  add column due_at timestamptz,
  -- What the person said, under the person's own key: it goes with the person.
  add column words text,
  -- Posts as they were called then: what the certificate says of who acted.
  add column prepared_post text,
  add column approved_post text,
  -- What went and what stays, each in every language.
  add column outcome jsonb,
  -- The signed certificate; it names no one, only the person's id.
  add column certificate jsonb,
  -- Done again after an old backup was restored; who approved is then known by post alone.
  add column again_at timestamptz,
  add column closed_at timestamptz,
  add column closed_as text check (closed_as in ('refused', 'withdrawn')),
  add column closed_by uuid,
  add column closed_why text,
  add constraint erasure_prepared check ((prepared_by is null) = (prepared_at is null)),
  drop constraint erasure_check1,
  add constraint erasure_approved check ((approved_by is null) = (done_at is null) or again_at is not null),
  add constraint erasure_two check (approved_by is null or (prepared_by is not null and approved_by <> person_id and prepared_by <> person_id)),
  add constraint erasure_closed check ((closed_at is null) = (closed_as is null) and (closed_at is null or done_at is null));
update erasure set asked_at = prepared_at,
  outcome = case when done_at is not null then jsonb_build_object('gone', '[]'::jsonb, 'kept',
    (select coalesce(jsonb_agg(jsonb_build_object('uk', one, 'en', one)), '[]') from unnest(kept) one)) end;
alter table erasure drop column kept, alter column asked_at set not null;
drop index erasure_open;
create unique index erasure_open on erasure (person_id) where done_at is null and closed_at is null;
create index erasure_person on erasure (person_id);
