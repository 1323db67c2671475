-- What the histories of a day came to: the same words stand in the audit log, whose heads are signed and published.
create table cc_history_day (
  day date primary key,
  entries integer not null check (entries >= 0),
  digest text not null,
  at timestamptz not null
);
