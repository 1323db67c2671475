-- A large file on its way in pieces: what has come already stays, so a broken connection goes on where it was.
create table od_upload (
  id uuid primary key,
  person uuid not null,
  name text not null,
  bytes bigint not null check (bytes > 0),
  began_at timestamptz not null
);
create index od_upload_began on od_upload (began_at);
create table od_upload_piece (
  upload uuid not null references od_upload on delete cascade,
  -- Of its first byte in the file.
  at bigint not null,
  bytes bigint not null,
  sha256 text not null,
  primary key (upload, at)
);
