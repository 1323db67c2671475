-- A catalogue of :datasets datasets of 60 organisations, with words, tags, themes and formats as they lie in real ones.
insert into od_organisation (unit, name, title, created_at)
select 'bench-' || n, 'bench-' || n, 'Департамент ' || n, now() from generate_series(1, 60) n on conflict do nothing;
insert into od_tag (name) select word || ' ' || n
  from unnest(array['транспорт', 'освіта', 'довкілля', 'бюджет', 'житло', 'майно', 'культура', 'вода']) word, generate_series(1, 50) n
  on conflict do nothing;
with words as (
  select array['перелік', 'реєстр', 'графік', 'звіт', 'показники', 'розклад', 'кошторис', 'паспорт', 'схема', 'облік'] as a,
    array['шкіл', 'дитячих садків', 'лікарень', 'маршрутів', 'зупинок', 'парків', 'будинків', 'земельних ділянок', 'закупівель',
      'дозволів', 'тарифів', 'вулиць', 'дерев', 'ліфтів', 'водопроводів', 'контейнерів', 'ярмарків', 'бібліотек', 'пам''яток'] as b,
    array['міста', 'району', 'комунальної власності', 'за рік', 'за квартал', 'у розрізі вулиць', 'із координатами'] as c)
insert into od_dataset (id, name, title, notes, licence, organisation, private, state, extras, created_at, modified_at)
select gen_random_uuid(), 'bench-set-' || n,
  initcap(a[1 + n % 10]) || ' ' || b[1 + (n / 10) % 19] || ' ' || c[1 + (n / 190) % 7] || ' № ' || n,
  'Набір містить ' || a[1 + n % 7] || ' ' || b[1 + (n / 7) % 19] || ', ' || b[1 + (n / 3) % 19] || ' та ' || b[1 + n % 19] || ' ' || c[1 + n % 7]
    || '. Оновлюється розпорядником відповідно до постанови.',
  (array['CC-BY-4.0', 'cc-zero', 'odc-by', null])[1 + n % 4],
  (select id from od_organisation where name = 'bench-' || (1 + n % 60)), n % 50 = 0, 'published',
  jsonb_build_object('update_frequency', (array['once a day', 'once a month', 'once a year'])[1 + n % 3], 'language', 'ua'),
  now() - n * interval '7 minutes', now() - n * interval '5 minutes'
from words, generate_series(1, :datasets) n;
insert into od_dataset_tag (dataset, tag)
select d.id, t.id from (select id, row_number() over (order by id) as n from od_dataset where name like 'bench-set-%') d
join (select id, row_number() over (order by id) as n, count(*) over () as all from od_tag) t
  on t.n in (1 + d.n % t.all, 1 + (d.n * 7) % t.all, 1 + (d.n * 31) % t.all);
insert into od_dataset_group (dataset, "group")
select d.id, g.id from (select id, row_number() over (order by id) as n from od_dataset where name like 'bench-set-%') d
join (select id, row_number() over (order by name) as n from od_group) g on g.n in (1 + d.n % 13, 1 + (d.n * 5) % 13);
insert into od_resource (id, dataset, position, name, format, url, kind, created_at, modified_at)
select gen_random_uuid(), d.id, p, 'Файл ' || p, (array['CSV', 'XLSX', 'JSON', 'GeoJSON', 'PDF'])[1 + (length(d.title) + p) % 5],
  'https://data.example/' || d.name || '/' || p, 'link', d.created_at, d.modified_at
from od_dataset d, generate_series(0, 1) p where d.name like 'bench-set-%';
analyze;
