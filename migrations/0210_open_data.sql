-- The catalogue of the open-data portal (src/systems/open-data): who publishes what, in which words, with which files.

-- Розпорядник: a unit of the city as publisher. `unit` is the code by which posts and grants name the unit.
create table od_organisation (
  id uuid primary key default uuidv7(),
  unit text not null unique,
  name text not null,
  title text not null default '',
  description text not null default '',
  image_url text not null default '',
  edrpou text,
  katottg text,
  parent uuid references od_organisation,
  -- The head of the unit, and who answers for its data.
  head uuid references person,
  officer uuid references person,
  publish_mode text not null default 'direct' check (publish_mode in ('direct', 'review')),
  pii_mode text not null default 'block' check (pii_mode in ('block', 'warn')),
  state text not null default 'active' check (state in ('active', 'deleted')),
  extras jsonb not null default '{}',
  created_at timestamptz not null
);
create unique index od_organisation_name on od_organisation (name) where state = 'active';
create index od_organisation_parent on od_organisation (parent) where parent is not null;

-- Тема.
create table od_group (
  id uuid primary key default uuidv7(),
  name text not null,
  title text not null default '',
  description text not null default '',
  image_url text not null default '',
  -- Code of the EU authority table `data-theme`.
  theme text check (theme in ('AGRI', 'ECON', 'EDUC', 'ENER', 'ENVI', 'GOVE', 'HEAL', 'INTR', 'JUST', 'REGI', 'SOCI', 'TECH',
    'TRAN')),
  state text not null default 'active' check (state in ('active', 'deleted')),
  extras jsonb not null default '{}',
  created_at timestamptz not null
);
create unique index od_group_name on od_group (name) where state = 'active';

insert into od_group (name, title, theme, created_at)
select lower(theme), title, theme, now() from (values
  ('AGRI', 'Сільське господарство, рибальство, лісництво та харчові продукти'),
  ('ECON', 'Економіка та фінанси'),
  ('EDUC', 'Освіта, культура та спорт'),
  ('ENER', 'Енергетика'),
  ('ENVI', 'Довкілля'),
  ('GOVE', 'Уряд та державний сектор'),
  ('HEAL', 'Охорона здоровʼя'),
  ('INTR', 'Міжнародні питання'),
  ('JUST', 'Юстиція, правова система та громадська безпека'),
  ('REGI', 'Регіони та міста'),
  ('SOCI', 'Населення та суспільство'),
  ('TECH', 'Наука та технології'),
  ('TRAN', 'Транспорт')) as themes (theme, title);

-- Набір даних with its passport. A purged one leaves nothing here.
create table od_dataset (
  id uuid primary key,
  name text not null check (name ~ '^[a-z0-9_-]{2,100}$'),
  title text not null default '',
  notes text,
  url text,
  version text,
  author text,
  author_email text,
  -- The responsible person.
  maintainer text,
  maintainer_email text,
  licence text,
  type text not null default 'dataset',
  organisation uuid references od_organisation,
  creator uuid references person,
  private boolean not null default false,
  state text not null check (state in ('draft', 'review', 'published', 'archived', 'withdrawn')),
  -- Why it was sent back to its author, or taken away from the public.
  reason text,
  -- Further fields by name, the passport's among them (src/systems/open-data/passport.ts).
  extras jsonb not null default '{}',
  update_frequency text generated always as (extras ->> 'update_frequency') stored,
  obligation text generated always as (extras ->> 'obligation') stored,
  hvd_category text,
  due_at timestamptz,
  -- Counts the changes that were served.
  revision integer not null default 1,
  created_at timestamptz not null,
  modified_at timestamptz not null,
  -- Nothing is served without an organisation that answers for it.
  check (organisation is not null or state in ('draft', 'withdrawn'))
);
create unique index od_dataset_name on od_dataset (name) where state <> 'withdrawn';
create index od_dataset_organisation on od_dataset (organisation, state);
create index od_dataset_creator on od_dataset (creator);
create index od_dataset_modified on od_dataset (modified_at desc, id);
create index od_dataset_obligation on od_dataset (obligation) where obligation is not null;

-- A change of a served dataset that waits for approval; the old text is served meanwhile.
create table od_revision (
  dataset uuid not null references od_dataset on delete cascade,
  n integer not null,
  state text not null check (state in ('draft', 'review', 'published', 'refused')),
  -- The whole proposed text, as the writing actions take it.
  body jsonb not null,
  author uuid references person,
  reason text,
  created_at timestamptz not null,
  decided_at timestamptz,
  primary key (dataset, n)
);
create unique index od_revision_open on od_revision (dataset) where state in ('draft', 'review');

-- Ресурс: a file, a link or a table of a dataset.
create table od_resource (
  id uuid primary key,
  dataset uuid not null references od_dataset on delete cascade,
  position integer not null,
  name text,
  description text,
  format text not null default '',
  url text not null default '',
  kind text not null check (kind in ('upload', 'link', 'datastore', 'live')),
  resource_type text,
  mimetype text,
  mimetype_inner text,
  size bigint,
  hash text,
  -- The bytes last handed over, under the name they are downloaded by.
  file uuid,
  file_name text,
  cache_url text,
  cache_last_updated timestamptz,
  -- The served version (od_version.n); null: nothing is loaded.
  current_version integer,
  rows bigint,
  datastore_active boolean not null default false,
  load_state text check (load_state in ('received', 'parsed', 'checked', 'blocked', 'staged', 'switched', 'indexed', 'failed')),
  load_rules jsonb not null default '[]',
  table_schema jsonb,
  extra jsonb not null default '{}',
  state text not null default 'active' check (state in ('active', 'deleted')),
  created_at timestamptz not null,
  -- Of the data, and of the words about them.
  last_modified timestamptz,
  modified_at timestamptz not null
);
create index od_resource_dataset on od_resource (dataset, position);
create index od_resource_file on od_resource (file) where file is not null;

create table od_vocabulary (
  id uuid primary key default uuidv7(),
  name text not null unique
);

-- Ключове слово: free, or of a vocabulary.
create table od_tag (
  id uuid primary key default uuidv7(),
  name text not null,
  vocabulary uuid references od_vocabulary,
  unique nulls not distinct (vocabulary, name)
);
create table od_dataset_tag (
  dataset uuid not null references od_dataset on delete cascade,
  tag uuid not null references od_tag on delete cascade,
  primary key (dataset, tag)
);
create index od_dataset_tag_tag on od_dataset_tag (tag);

create table od_dataset_group (
  dataset uuid not null references od_dataset on delete cascade,
  "group" uuid not null references od_group on delete cascade,
  primary key (dataset, "group")
);
create index od_dataset_group_group on od_dataset_group ("group");

-- One row for each dataset, made anew in the transaction of each change: the answer that is served, and what search knows of it.
-- The row of a purged dataset stays empty, so that every process learns of it.
create table od_search (
  dataset uuid primary key,
  -- The transaction that wrote it: how a process finds what has changed since it last looked.
  changed xid8 not null default pg_current_xact_id(),
  -- Words by field as lexemes, values by field, and the texts that phrases are looked for in.
  document jsonb,
  -- The dataset as JSON, as package_show answers it; the address of the portal stands in it as {{site}}.
  package text
);
create index od_search_changed on od_search (changed);

-- What happened to whom by whom; only grows.
create table od_activity (
  id uuid primary key default uuidv7(),
  at timestamptz not null,
  actor uuid,
  type text not null,
  object uuid not null,
  -- Only for those who may read the object.
  hidden boolean not null default false,
  organisation uuid,
  groups uuid[] not null default '{}',
  data jsonb not null default '{}'
);
create index od_activity_object on od_activity (object, at desc, id desc);
create index od_activity_actor on od_activity (actor, at desc, id desc);
create index od_activity_organisation on od_activity (organisation, at desc, id desc);
create index od_activity_at on od_activity (at desc, id desc);
create function od_activity_refuse() returns trigger language plpgsql as $$
begin
  raise exception 'od_activity is append-only';
end $$;
create trigger od_activity_append_only before update or delete or truncate on od_activity
  for each statement execute function od_activity_refuse();

create table od_token (
  id uuid primary key default uuidv7(),
  person uuid not null references person,
  name text not null,
  -- SHA-256 of the token; the token itself was shown once.
  hash text not null unique,
  scopes text[] not null check (scopes <@ array['read', 'write', 'publish', 'admin']),
  created_at timestamptz not null,
  last_used_at timestamptz,
  expires_at timestamptz,
  revoked_at timestamptz
);
create index od_token_person on od_token (person);

-- How people of the portal are called there, and what they say of themselves.
create table od_user (
  person uuid primary key references person,
  name text not null unique check (name ~ '^[a-z0-9_-]{2,100}$'),
  about text not null default '',
  image_url text not null default '',
  activities_seen_at timestamptz,
  state text not null default 'active' check (state in ('active', 'deleted'))
);

create table od_follow (
  follower uuid not null references person,
  kind text not null check (kind in ('user', 'dataset', 'group', 'organization')),
  object uuid not null,
  at timestamptz not null,
  primary key (follower, kind, object)
);
create index od_follow_object on od_follow (kind, object);

create table od_view (
  id uuid primary key default uuidv7(),
  resource uuid not null references od_resource on delete cascade,
  title text not null,
  description text not null default '',
  view_type text not null,
  position integer not null,
  extra jsonb not null default '{}'
);
create index od_view_resource on od_view (resource, position);

create table od_relationship (
  id uuid primary key default uuidv7(),
  subject uuid not null references od_dataset on delete cascade,
  object uuid not null references od_dataset on delete cascade,
  type text not null,
  comment text not null default '',
  unique (subject, object, type)
);
create index od_relationship_object on od_relationship (object);

create table od_collaborator (
  dataset uuid not null references od_dataset on delete cascade,
  person uuid not null references person,
  capacity text not null check (capacity in ('admin', 'editor', 'member')),
  modified_at timestamptz not null,
  primary key (dataset, person)
);
create index od_collaborator_person on od_collaborator (person);

create table od_task_status (
  id uuid primary key default uuidv7(),
  entity_id text not null,
  entity_type text not null,
  task_type text not null,
  key text not null,
  value text not null,
  state text,
  error text,
  last_updated timestamptz not null,
  unique (entity_id, task_type, key)
);

create table od_term_translation (
  term text not null,
  lang_code text not null,
  term_translation text not null,
  primary key (term, lang_code)
);

-- Settings that the officer changes.
create table od_setting (
  key text primary key,
  value text not null
);
