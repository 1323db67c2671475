-- Whose photo it is: who may see it before a moderator has looked, and with whose data it goes.
alter table cc_photo add column reporter uuid references cc_reporter;
update cc_photo p set reporter = (select id from cc_reporter r where r.request = p.request order by r.joined_at, r.id limit 1)
  where kind in ('report', 'veto');
create index cc_photo_reporter on cc_photo (reporter) where reporter is not null;

-- Addresses at which a reporter's program keeps photos. The city shows them to staff as text and never fetches them.
create table cc_media_url (
  id uuid primary key default uuidv7(),
  request text not null references cc_request,
  url text not null check (char_length(url) <= 2000),
  at timestamptz not null
);
create index on cc_media_url (request);
