-- Which days are worked, as the city keeps it on a page: public holidays, working days and days off that moved by an act,
-- days on which the offices are closed, martial law. Versions stand in cc_data_version. What the law says is there from
-- the start: КЗпП art. 73, and 2136-IX art. 6(6), by which holidays are worked during martial law.
create table cc_calendar_day (
  code text primary key check (code ~ '^[a-z0-9-]{1,60}$'),
  body jsonb not null
);

insert into cc_calendar_day (code, body)
select code, jsonb_build_object('code', code, 'kind', 'holiday', 'on', day, 'name', jsonb_build_object('uk', uk, 'en', en),
  'works', true, 'source', 'КЗпП, ст. 73', 'active', true)
from (values
  ('new-year', '01-01', 'Новий рік', 'New Year'),
  ('women', '03-08', 'Міжнародний жіночий день', 'International Women’s Day'),
  ('easter', 'easter', 'Великдень', 'Easter'),
  ('trinity', 'easter+49', 'Трійця', 'Trinity'),
  ('labour', '05-01', 'День праці', 'Labour Day'),
  ('victory', '05-08', 'День пам’яті та перемоги', 'Day of Remembrance and Victory'),
  ('constitution', '06-28', 'День Конституції України', 'Constitution Day'),
  ('statehood', '07-15', 'День Української Державності', 'Statehood Day'),
  ('independence', '08-24', 'День незалежності України', 'Independence Day'),
  ('defenders', '10-01', 'День захисників і захисниць України', 'Defenders’ Day'),
  ('christmas', '12-25', 'Різдво Христове', 'Christmas')
) as law(code, day, uk, en);

insert into cc_calendar_day (code, body) values ('martial-law-2022', jsonb_build_object('code', 'martial-law-2022',
  'kind', 'martialLaw', 'on', '2022-02-24', 'name', jsonb_build_object('uk', 'Воєнний стан', 'en', 'Martial law'),
  'works', false, 'source', '2136-IX, ст. 6', 'active', true));
