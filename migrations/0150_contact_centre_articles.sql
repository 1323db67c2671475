-- Knowledge base: what an operator and a resident read instead of making a request. Each change is a new version.
create table cc_article (
  code text not null check (code ~ '^[a-z0-9-]+$'),
  version integer not null,
  body jsonb not null,
  -- Stems of title and tags, and of everything, in all languages.
  title_search tsvector not null,
  search tsvector not null,
  author text not null,
  valid_from timestamptz not null,
  valid_to timestamptz,
  primary key (code, version)
);
create unique index cc_article_current on cc_article (code) where valid_to is null;
create index cc_article_search on cc_article using gin (search) where valid_to is null;
