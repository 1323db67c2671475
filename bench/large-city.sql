-- A city of three years: :requests requests, every fifth of them open, `:entries` entries of history each, 40 000 buildings.
-- Written straight into the tables, without the triggers that watch over single acts; the figures read it, nothing moves it.
set session_replication_role = replica;
set synchronous_commit = off;
set maintenance_work_mem = '1GB';
set work_mem = '256MB';

create temp table dropped as
  select indexname, indexdef from pg_indexes i
   where tablename in ('cc_request', 'cc_history', 'cc_reporter', 'cc_attempt', 'cc_verification', 'cc_clock')
     and not exists (select 1 from pg_constraint where conname = i.indexname);
do $$ declare one record; begin
  for one in select * from dropped loop execute format('drop index %I', one.indexname); end loop;
end $$;

create temp table spot as
  select n, 'bench-' || n as id, 48.30 + 0.30 * (random() + random() + random()) / 3 as lat,
         34.70 + 0.60 * (random() + random() + random()) / 3 as lon
    from generate_series(1, 40000) n;
insert into cc_building (id, street, house, address, district, lat, lon, place)
  select id, 'вулиця Мірна ' || n % 800, (n / 800 + 1)::text, 'вулиця Мірна ' || n % 800 || ', ' || n / 800 + 1,
         (select code from cc_district order by code offset n % (select count(*) from cc_district) limit 1), lat, lon,
         point((lon - 35.046) * (111412.84 * cosd(48.464) - 93.5 * cosd(3 * 48.464) + 0.118 * cosd(5 * 48.464)),
               (lat - 48.464) * (111132.92 - 559.82 * cosd(2 * 48.464) + 1.175 * cosd(4 * 48.464)))
    from spot;

create temp table leaf as
  select row_number() over (order by code) - 1 as n, code, version, body->>'parent' as branch,
         coalesce(body->>'clusterGroup', code) as duplicate_group
    from cc_category where valid_to is null and body->>'kind' = 'leaf';
create temp table executor as
  select row_number() over (order by id) - 1 as n, id from cc_organisation where kind = 'executor';

create temp table born as
  select n, lpad((n * 382258049 % 99999999977)::text, 11, '0') as number, n % 5 = 0 as open,
         now() - interval '3 years' * (1 - n::float8 / :requests) as at,
         1 + (hashint8(n) & 2147483647) % 40000 as spot, (hashint8(n + 7) & 2147483647) % (select count(*) from leaf) as leaf,
         (hashint8(n + 13) & 2147483647) % (select count(*) from executor) as executor, random() as luck
    from generate_series(1, :requests::bigint) n;

insert into cc_request (number, source, intake_key, payload_hash, regime, category, category_version, branch, class, text,
    public_text, building, address, public_address, district, lat, lon, place, public_lat, public_lon, public_place, publication,
    duplicate_group, nearby_until, state, closing, result, history_head, version, organisation, next_due, fix_due, created_at,
    updated_at, claimed_at, closed_at, rework_count)
  select b.number, case b.n % 2 when 0 then 'phone' else 'web' end, 'bench-' || b.n, 'h', 'service', l.code, l.version, l.branch,
         case b.n % 10 when 0 then 'emergency' else 'ordinary' end, '-', 'У дворі будинку не працює освітлення, звернення ' || b.n,
         case when b.n % 10 < 7 then s.id end, k.address, k.address, k.district, s.lat, s.lon, k.place, s.lat, s.lon, k.place,
         'published', l.duplicate_group, case when open then 'infinity' else at + interval '24 days' end,
         case when open then (array['assigned', 'accepted', 'in_progress', 'planned', 'claimed', 'rework'])[1 + b.n / 5 % 6] else 'closed' end,
         case when open then null when luck < 0.6 then 'confirmed' else 'unverified' end,
         case when open then null else 'fixed' end, 'h', 5, e.id,
         case when open then at + interval '5 days' + luck * interval '30 days' end, at + interval '5 days', at,
         at + interval '10 days' * luck, case when not open then at + interval '8 days' * luck end,
         case when not open then at + interval '10 days' * luck end, case when luck < 0.1 then 1 else 0 end
    from born b join spot s on s.n = b.spot join cc_building k on k.id = s.id join leaf l on l.n = b.leaf
         join executor e on e.n = b.executor;

-- Else the city would make the words of a million requests beside every measurement.
insert into cc_request_words (request, title, body)
  select number, to_tsvector('simple', concat_ws(' ', branch, public_address)), to_tsvector('simple', public_text)
    from cc_request where public_text is not null
  on conflict do nothing;

insert into cc_history (request, seq, at, move, from_state, to_state, actor, data, prev, hash)
  select number, seq, at + interval '1 hour' * seq, (array['register', 'route', 'accept', 'dispatch', 'claim'])[seq],
         (array[null, 'registered', 'assigned', 'accepted', 'in_progress'])[seq],
         (array['registered', 'assigned', 'accepted', 'in_progress', 'claimed'])[seq],
         '{"kind": "system", "name": "", "organisation": null}', jsonb_build_object('organisation', e.id),
         case when seq > 1 then 'h' end, 'h'
    from born b join executor e on e.n = b.executor, generate_series(1, :entries) seq;
insert into cc_reporter (request, channel, joined_at) select number, 'web', at from born;
insert into cc_clock (request, kind, started_at, due, warn_at, warned_at, breached_at, explanation)
  select number, kind, at, due, at + interval '4 days', due,
         case when due < now() then due end, '{}'
    from born, unnest(array['fix', 'accept']) kind, lateral (select at + interval '5 days' + luck * interval '30 days' as due)
   where open;
insert into cc_attempt (request, no, organisation, result, answer, claimed_by, claimed_at, outcome)
  select number, 1, e.id, 'fixed', 'Роботи виконано', '{}', at + interval '8 days' * luck,
         case when luck < 0.6 then 'confirmed' else 'unverified' end
    from born b join executor e on e.n = b.executor where not open;
insert into cc_verification (request, attempt, reporter, method, verdict, grade, by_actor, at)
  select b.number, 1, r.id, 'link', 'yes', 1 + (b.n % 5)::int, '{}', at + interval '10 days' * luck
    from born b join cc_reporter r on r.request = b.number where not open and luck < 0.6;

do $$ declare one record; begin
  for one in select * from dropped loop execute one.indexdef; end loop;
end $$;
