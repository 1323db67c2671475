-- Personal data of requests, readable only with the installation's keys. Each row carries its own key, wrapped by the key
-- ring: destroying the key in the row erases what it sealed (docs/decisions: each row of personal data carries its own key). No city runs this yet, so what stood
-- here in the clear is dropped and not carried over.
alter table cc_reporter
  add column key text,
  add column sealed text,
  -- HMACs by which equal contacts are found without being readable.
  add column phone_blind text,
  add column email_blind text,
  add column account_blind text,
  add column device_blind text,
  -- The e-mail address is known to be the reporter's: by code, by account, or by who vouches for it.
  add column confirmed boolean not null default false,
  add column erased_at timestamptz,
  drop column name,
  drop column phone,
  drop column email,
  drop column residence,
  drop column device,
  drop column account,
  drop column anonymous_key;
create index on cc_reporter (phone_blind) where phone_blind is not null;
-- One voice per person: a confirmed address speaks once about a request.
create unique index cc_reporter_email_once on cc_reporter (request, email_blind) where confirmed and email_blind is not null;

-- `text`, `answers` and `address` hold the masked words from now on; what people wrote is in `sealed`.
update cc_request set text = coalesce(public_text, '');
alter table cc_request
  add column key text,
  add column sealed text,
  add column erased_at timestamptz,
  -- Why the data of this request outlives its term, such as a case in court; null: it does not.
  add column legal_hold text,
  drop column flat;

drop table cc_note;
-- Words of a move as they were written, where masking changed them.
create table cc_note (
  request text not null references cc_request,
  seq integer not null,
  key text,
  sealed text not null,
  primary key (request, seq)
);

alter table cc_contact
  add column key text,
  add column sealed text,
  add column phone_blind text,
  drop column phone,
  drop column note;
create index on cc_contact (phone_blind, started_at desc) where phone_blind is not null;

alter table cc_subscription
  add column key text,
  add column sealed text,
  add column email_blind text,
  drop column email;
create index on cc_subscription (email_blind) where email_blind is not null;
