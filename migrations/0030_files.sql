-- What people and programs hand over. The bytes lie in the file store under their SHA-256 (src/platform/files); a row here is
-- what makes them a file of someone's, so the same bytes may have several.
create table file (
  id uuid primary key default uuidv7(),
  sha256 text not null check (sha256 ~ '^[0-9a-f]{64}$'),
  bytes bigint not null check (bytes >= 0),
  -- By content, never by name.
  type text not null,
  -- As it was called where it came from: shown escaped, never a path.
  name text not null check (char_length(name) <= 200),
  -- The person who handed it over; null: an anonymous visitor, a program or the city itself.
  owner uuid,
  scan text not null default 'not scanned' check (scan in ('pending', 'clean', 'infected', 'not scanned')),
  -- A smaller picture, or the original kept as restricted evidence: it lives and goes with the file it belongs to.
  variant_of uuid references file on delete cascade,
  variant text,
  width integer,
  height integer,
  created_at timestamptz not null,
  check ((variant_of is null) = (variant is null)),
  unique (variant_of, variant)
);
create index file_content on file (sha256);
create index file_owner on file (owner) where owner is not null;
create index file_age on file (created_at) where variant_of is null;
create index file_pending on file (created_at) where scan = 'pending';
