-- A lawyer of the city has read a term of law as the programs hold it, and says that it is right. Another value needs another word.
create table legal_confirmation (
  id uuid primary key default uuidv7(),
  code text not null,
  -- Amount, unit, start, end and reference as they were confirmed.
  value jsonb not null,
  lawyer text not null check (lawyer <> ''),
  document text not null check (document <> ''),
  confirmed_by uuid not null references person (id),
  confirmed_at timestamptz not null
);
create index legal_confirmation_code on legal_confirmation (code, confirmed_at);
