-- Addresses that many people share: limits of the pages do not count them, as limits of intake do not.
alter table installation add column shared_addresses text[] not null default '{}';
update installation set shared_addresses = coalesce(
  (select array(select jsonb_array_elements_text(body->'intakeLimits'->'sharedAddresses')) from cc_settings
   where jsonb_typeof(body->'intakeLimits'->'sharedAddresses') = 'array'), '{}');
