-- What is looked for in requests: lexemes of the masked text and of what stands above it, made in
-- src/systems/contact-centre/request-words.ts, since PostgreSQL cannot stem Ukrainian. Apart from cc_request, whose rows
-- are rewritten at every move: forty entries of the index would be rewritten with them.
create table cc_request_words (
  request text primary key references cc_request on delete cascade,
  -- Category and public address.
  title tsvector not null,
  body tsvector not null
);
create index cc_request_words_found on cc_request_words using gin ((title || body));

-- Lexemes of words that no longer stand there must find nothing; a job makes the new ones.
create function cc_request_words_stale() returns trigger language plpgsql as $$
begin
  delete from cc_request_words where request = new.number;
  return null;
end $$;
create trigger cc_request_words_stale after update of public_text, public_address on cc_request
  for each row when (old.public_text is distinct from new.public_text
    or old.public_address is distinct from new.public_address)
  execute function cc_request_words_stale();
