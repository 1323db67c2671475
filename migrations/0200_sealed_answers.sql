-- Kept answers hold people's data and links that act: from now on they are sealed. The plain ones of the last two days go; that
-- their requests were done stays known.
update idempotency set headers = null, body = null where status is not null;
-- Letters about areas held the link that acts for its reader; sent ones need it no more, and the next are sealed.
update message m set href = null where template in ('contact-centre.area-confirm@1', 'contact-centre.area-news@1')
  and not exists (select from delivery d where d.message_id = m.id and d.state in ('queued', 'sending'));
