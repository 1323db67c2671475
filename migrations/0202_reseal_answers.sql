-- A sent answer stays as it was sent; under which key it is sealed may change, for the owner of the database who rotates keys.
create or replace function cc_appeal_answer_append_only() returns trigger language plpgsql as $$
begin
  if current_setting('misto.reseals', true) = 'on' and current_user <> 'misto_app'
    and (new.request, new.no, new.organisation, new.signer, new.sent_at)
      is not distinct from (old.request, old.no, old.organisation, old.signer, old.sent_at) then
    return new;
  end if;
  raise exception 'cc_appeal_answer: a sent answer stays as it was sent';
end $$;
