-- Ready words for a move, in a category, a branch or anywhere; a change makes a new version, like all city data.
create table cc_template (
  code text not null check (code ~ '^[a-z0-9-]+$'),
  version integer not null,
  body jsonb not null,
  author text not null,
  valid_from timestamptz not null,
  valid_to timestamptz,
  primary key (code, version)
);
create unique index cc_template_current on cc_template (code) where valid_to is null;
