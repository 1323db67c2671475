-- What became of the daily look at the links of the open-data portal (src/systems/open-data/promises/links.ts).
create table od_link_check (
  resource uuid primary key references od_resource on delete cascade,
  -- The address that was looked at: another one begins anew.
  url text not null,
  checked_at timestamptz not null,
  -- Failures one behind the other.
  failures integer not null,
  -- The last answer: a status, or why there was none.
  answer text not null,
  -- Since when it counts as dead: the third failure.
  broken_at timestamptz
);
