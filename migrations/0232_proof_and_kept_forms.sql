-- When and by what the person behind a session last proved who they are: acts of weight ask for a fresh proof.
alter table session add column proved_at timestamptz, add column proof_method text;

-- What somebody typed when a session had ended or a proof was needed: sealed under a secret that only the browser holds.
create table kept_form (
  id uuid primary key default uuidv7(),
  -- Whose session it was: nobody else who signs in on that browser sees it. null: nobody was signed in.
  person_id uuid,
  -- Path of this site that the form goes to.
  target text not null,
  sealed bytea not null,
  expires_at timestamptz not null
);
create index kept_form_expires on kept_form (expires_at);
