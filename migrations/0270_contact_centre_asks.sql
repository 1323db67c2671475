-- How often somebody was asked about a claim is read from what became of the letters: only what was delivered counts.
alter table cc_reporter drop column asks, drop column asked_at;
