-- Whom to call when life or health is in danger is part of the city's settings: shown on the start page and, from memory,
-- on the page for a database that is away. The numbers are the same in all Ukraine (Law 4499-VI on the system 112).
update cc_settings set body = body || jsonb_build_object('emergencyPhones', jsonb_build_array(
  jsonb_build_object('number', '112', 'title', jsonb_build_object('uk', 'загроза життю чи здоров’ю', 'en', 'danger to life or health')),
  jsonb_build_object('number', '104', 'title', jsonb_build_object('uk', 'запах газу', 'en', 'smell of gas')),
  jsonb_build_object('number', '101', 'title', jsonb_build_object('uk', 'пожежа', 'en', 'fire')),
  jsonb_build_object('number', '103', 'title', jsonb_build_object('uk', 'швидка допомога', 'en', 'ambulance'))))
where not body ? 'emergencyPhones';
update cc_data set version = version + 1;

-- For the page for a database that is away; the system that keeps the city's settings writes it.
alter table installation add column city_phones jsonb not null default '[]';
update installation set city_phones = coalesce((select body->'emergencyPhones' || jsonb_build_array(jsonb_build_object('number', body->>'phone',
  'title', jsonb_build_object('uk', 'контакт-центр міста', 'en', 'contact centre of the city'))) from cc_settings), '[]');
