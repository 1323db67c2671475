-- Photos of a draft lie in the file store from the moment they arrive: cleaned once, outside any transaction. What the
-- camera knew of the moment goes with them to cc_photo, where it proves evidence and is never shown.
delete from cc_draft_photo;
alter table cc_draft_photo
  drop column content,
  drop column type,
  add column file uuid not null,
  add column width integer,
  add column height integer,
  add column taken_at timestamptz,
  add column lat double precision,
  add column lon double precision;
create index cc_draft_photo_file on cc_draft_photo (file);
create index cc_photo_file on cc_photo (file);
