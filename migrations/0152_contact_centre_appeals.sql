-- Appeals under Law 393/96-ВР: what the law asks beside the request itself. Words about people are sealed.
create table cc_appeal (
  request text primary key references cc_request,
  kind text not null check (kind in ('proposal', 'application', 'complaint')),
  -- Never handled by those complained about.
  complained_about text references cc_organisation,
  -- Name and residence given later, when a service request became an appeal.
  applicant text,
  made_at timestamptz not null
);

-- A written answer, as it was signed and sent; a second one comes only after a veto.
create table cc_appeal_answer (
  request text not null references cc_appeal,
  no integer not null,
  organisation text,
  body text not null,
  signer text not null,
  sent_at timestamptz not null,
  primary key (request, no)
);

create function cc_appeal_answer_append_only() returns trigger language plpgsql as $$
begin
  raise exception 'cc_appeal_answer: a sent answer stays as it was sent';
end $$;
create trigger cc_appeal_answer_no_change before update on cc_appeal_answer
  for each row execute function cc_appeal_answer_append_only();

-- Service may become statutory; the way back would take a right away.
create function cc_request_stays_statutory() returns trigger language plpgsql as $$
begin
  raise exception 'cc_request: % stays statutory', old.number;
end $$;
create trigger cc_request_regime before update of regime on cc_request
  for each row when (old.regime = 'statutory' and new.regime <> 'statutory') execute function cc_request_stays_statutory();
