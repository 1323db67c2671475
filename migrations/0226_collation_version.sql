-- Under which version of a collation its indexes were built: another version may sort otherwise (src/platform/database/collation.ts).
create table collation_version (
  name text primary key,
  version text not null
);
