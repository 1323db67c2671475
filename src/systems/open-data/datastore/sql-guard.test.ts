import { describe, expect, it } from 'vitest';
import { guardQuery, longestQuery, RefusedQuery } from './sql-guard.ts';

const data = '"6f1c0c9e-0000-4000-8000-000000000001"';

async function refusal(sql: string): Promise<string> {
  try {
    await guardQuery(sql);
  } catch (error) {
    if (error instanceof RefusedQuery) return `${error.kind}: ${error.message}`;
    throw error;
  }
  return 'let through';
}

describe('a query of the public', () => {
  it.each([
    `select * from ${data}`,
    `SELECT "Назва", count(*) FROM ${data} WHERE "Сума" > 1000.5 GROUP BY 1 HAVING count(*) > 2 ORDER BY 2 DESC LIMIT 10 OFFSET 5`,
    `select a.x, b.y from ${data} a left join streets b using (code) where a.at between '2026-01-01' and now()`,
    `with big as (select * from ${data} where n > 5), few as (select x from big) select distinct on (x) * from few`,
    `with recursive t(n) as (values (1) union all select n + 1 from t where n < 5) select * from t`,
    `select avg(n) over (partition by d order by at rows between 2 preceding and current row) from ${data}`,
    `select count(*) filter (where n > 1), percentile_cont(0.5) within group (order by n) from ${data}`,
    `select case when n > 1 then 'a' else 'b' end, coalesce(a, b), nullif(a, ''), greatest(1, n) from ${data}`,
    `select cast(a as numeric(10, 2)), b::date, c::text[], interval '1 day', date '2026-01-01' from ${data}`,
    `select extract(year from at), date_trunc('month', at at time zone 'Europe/Kyiv'), current_date from ${data}`,
    `select trim(both ' ' from a), substring(a from 1 for 3), position('x' in a), a || 'y', a ilike 'к%' from ${data}`,
    `select * from ${data} where _full_text @@ plainto_tsquery('simple', 'тепло')`,
    `select * from ${data} where n in (select n from other where exists (select 1 from third t where t.id = other.id))`,
    `select j->>'a', jsonb_array_length(j), (array[1, 2])[1] from ${data}, lateral jsonb_array_elements(j) e`,
    `select d, sum(n) from ${data} group by grouping sets ((d), ()) order by grouping(d), d collate "uk-UA-x-icu"`,
    `select 1 union all select 2 except select 3`,
    `values (1, 'a'), (2, 'b')`,
    `table ${data}`,
    `select * from ${data} -- with a remark; drop table x`,
    `select ';' as a, $$drop table x;$$ as b from ${data};`,
    'select g, random() from generate_series(1, 10) g',
  ])('may read: %s', async (sql) => {
    expect(await refusal(sql)).toBe('let through');
  });

  it('names its tables, each once, and not what WITH has made', async () => {
    const { tables } = await guardQuery(
      `with x as (select * from "a-1"), y as (select * from x join b on true)
       select * from y, (select * from b) z where exists (select 1 from "C")`,
    );
    expect(tables).toEqual(['a-1', 'b', 'C']);
  });

  it.each([
    [
      'a name of WITH is seen by what comes after it alone',
      'with x as (select * from y), y as (select 1) select * from x',
      ['y'],
    ],
    [
      'a name of WITH ends with its query',
      'select * from (with x as (select 1) select * from x) a, x',
      ['x'],
    ],
    [
      'a recursive one sees itself and those after it',
      'with recursive x as (select * from y), y as (select 1) select 1',
      [],
    ],
    ['without RECURSIVE the name inside is a table', 'with x as (select * from x) select * from x', ['x']],
  ])('%s', async (_, sql, tables) => {
    expect((await guardQuery(sql)).tables).toEqual(tables);
  });

  it('is heavy when it groups, sorts, joins or looks twice', async () => {
    const isHeavy = async (sql: string) => (await guardQuery(sql)).isHeavy;
    expect(await isHeavy(`select a, b from ${data} where a = 1 limit 5`)).toBe(false);
    for (const sql of [
      `select a from ${data} order by a`,
      `select a from ${data} group by a`,
      `select distinct a from ${data}`,
      `select * from ${data} a join b using (id)`,
      `select (select 1) from ${data}`,
      `select rank() over () from ${data}`,
      'select * from generate_series(1, 5)',
      'select 1 union select 2',
    ])
      expect([sql, await isHeavy(sql)]).toEqual([sql, true]);
  });
});

describe('what is no single statement', () => {
  it.each([
    '',
    '   ',
    ';',
    '-- only a remark',
    'select 1; select 2',
    'select 1; drop table x',
    `select 1;;select 2`,
  ])('is refused as such: %j', async (sql) => {
    expect(await refusal(sql)).toBe('statement: Query is not a single statement.');
  });

  it('says where the grammar stops', async () => {
    expect(await refusal('select * fro x')).toBe('syntax: syntax error at or near "fro"');
    expect(await refusal('selec 1')).toBe('syntax: syntax error at or near "selec"');
    expect(await refusal("select 'open")).toContain('syntax: unterminated quoted string');
    expect(await refusal('select 1 \0')).toContain('syntax:');
  });

  it('is neither too long nor too deep', async () => {
    expect(await refusal(`select ${'1,'.repeat(longestQuery)}1`)).toContain('longer than');
    expect(await refusal(`select ${'not '.repeat(3_000)}true`)).not.toBe('let through');
    expect(await refusal(`select * from ${'(select * from '.repeat(300)}x${') a'.repeat(300)}`)).not.toBe(
      'let through',
    );
    // The parser still works after it.
    expect(await refusal('select 1')).toBe('let through');
  });
});

const changing = [
  `insert into ${data} values (1)`,
  `update ${data} set a = 1`,
  `delete from ${data}`,
  `merge into ${data} a using b on true when matched then delete`,
  `truncate ${data}`,
  `drop table ${data}`,
  'drop schema open_data_rows cascade',
  'drop database misto',
  'drop role misto_app',
  'create table x (a int)',
  'create table x as select 1',
  'create temp table x as select 1',
  'create view x as select 1',
  'create materialized view x as select 1',
  'create index on x (a)',
  "create function f() returns int language sql as 'select 1'",
  'create extension dblink',
  'create extension plpython3u',
  "create role evil superuser password 'x'",
  'create database evil',
  'create schema evil',
  'create trigger t before insert on x execute function f()',
  'create rule r as on select to x do instead select 1',
  "create server s foreign data wrapper w options (host 'x')",
  'create publication p for all tables',
  "create subscription s connection 'host=x' publication p",
  'alter table x add column b int',
  'alter role misto_app superuser',
  "alter system set log_statement = 'all'",
  'alter database misto set x.y = 1',
  'grant all on x to public',
  'revoke all on x from public',
  'copy x to stdout',
  "copy x from '/etc/passwd'",
  "copy x from program 'id'",
  "copy (select 1) to program 'id'",
  "copy (select 1) to '/tmp/x'",
  'set role misto_owner',
  'set session authorization misto_owner',
  "set statement_timeout = '0'",
  'set local transaction_read_only = off',
  'reset all',
  'show all',
  'show data_directory',
  'begin',
  'commit',
  'rollback',
  'savepoint a',
  "prepare transaction 'x'",
  'prepare p as select 1',
  'execute p',
  'deallocate all',
  'declare c cursor for select 1',
  'fetch all from c',
  'close all',
  'listen x',
  'notify x',
  'unlisten *',
  'lock table x',
  'vacuum',
  'analyze x',
  'reindex table x',
  'cluster x',
  'checkpoint',
  "load 'x'",
  'discard all',
  'explain select 1',
  'explain analyze delete from x',
  'do $$begin perform pg_sleep(1); end$$',
  'call p()',
  'comment on table x is null',
  "security label on table x is 'y'",
  'refresh materialized view x',
  'import foreign schema a from server b into c',
  'select * into x from y',
  'select 1 into temp x',
  'with a as (insert into x values (1) returning *) select * from a',
  'with a as (update x set a = 1 returning *) select * from a',
  'with a as (delete from x returning *) select * from a',
  'with a as (merge into x using y on true when matched then delete returning *) select * from a',
  'select * from (with a as (delete from x returning *) select * from a) b',
  'select * from x for update',
  'select * from x for no key update nowait',
  'select * from x for share skip locked',
  'select * from (select * from x for key share) y',
  'with a as (select * from x for update) select * from a',
];

const catalogues = [
  'select * from pg_catalog.pg_class',
  'select * from pg_class',
  'select * from PG_CLASS',
  'select * from "pg_authid"',
  'select * from pg_shadow',
  'select * from pg_settings',
  'select * from pg_stat_activity',
  'select * from pg_file_settings',
  'select * from pg_hba_file_rules',
  'select * from information_schema.tables',
  'select * from INFORMATION_SCHEMA.columns',
  'table pg_user',
  'select (select passwd from pg_shadow limit 1)',
  'select 1 where exists (select 1 from pg_roles)',
  'select * from x join pg_namespace n on true',
  'with a as (select * from pg_proc) select * from a',
  'select 1 union select oid::int from pg_database',
  'select * from x, lateral (select * from pg_locks) l',
  'select * from pg_temp.x',
  'select * from pg_toast.x',
];

const elsewhere = [
  'select * from public.person',
  'select * from open_data_rows.x',
  'select * from misto.public.person',
  'select * from public.x tablesample system (1)',
  'select * from only public.x',
];

const calls = [
  'pg_sleep(10)',
  "pg_sleep_for(interval '1 hour')",
  "pg_read_file('/etc/passwd')",
  "pg_read_binary_file('/etc/passwd')",
  "pg_ls_dir('.')",
  "pg_stat_file('x')",
  'pg_terminate_backend(1)',
  'pg_cancel_backend(1)',
  'pg_reload_conf()',
  'pg_rotate_logfile()',
  'pg_advisory_lock(1)',
  'pg_try_advisory_lock(1)',
  "pg_notify('a', 'b')",
  'pg_backend_pid()',
  'pg_export_snapshot()',
  'pg_switch_wal()',
  "pg_create_restore_point('x')",
  "pg_database_size('misto')",
  "pg_relation_filepath('x')",
  'pg_get_userbyid(10)',
  'pg_get_viewdef(1)',
  'pg_typeof(1)',
  "set_config('role', 'misto_owner', false)",
  "current_setting('data_directory')",
  'current_user',
  'session_user',
  'user',
  'current_role',
  'current_catalog',
  'current_schema',
  'current_database()',
  'current_schemas(true)',
  'version()',
  'inet_server_addr()',
  "lo_import('/etc/passwd')",
  "lo_export(1, '/tmp/x')",
  'lo_get(1)',
  "dblink('host=x', 'select 1')",
  "dblink_connect('host=x')",
  "query_to_xml('select 1', true, true, '')",
  "table_to_xml('person', true, true, '')",
  "database_to_xml(true, true, '')",
  "cursor_to_xml('x', 1, true, true, '')",
  "xpath('/a', '<a/>')",
  'xmlelement(name a)',
  "xmlparse(document '<a/>')",
  "ts_stat('select 1')",
  "nextval('audit_log_seq')",
  "setval('x', 1)",
  "currval('x')",
  'txid_current()',
  'pg_current_xact_id()',
  "has_table_privilege('person', 'select')",
  "to_regclass('person')",
  'col_description(1, 1)',
  'obj_description(1)',
  'format_type(23, 0)',
  'uuidv7()',
  'gen_random_uuid()',
  'pg_catalog.pg_sleep(1)',
  'pg_catalog.lower(a)',
  'public.f()',
  'misto.f(1)',
  'f()',
  "json_populate_record(null::record, '{}')",
  "pg_input_is_valid('1', 'int')",
];

const others = [
  "select 'person'::regclass",
  "select cast('person' as pg_catalog.regclass)",
  "select 'f'::regproc, 1::oid",
  "select 'x'::regrole::oid",
  "select 'x'::regnamespace",
  "select '1'::xid8, '0/0'::pg_lsn",
  "select '<a/>'::xml",
  "select 'x'::person",
  'select row(1)::public.person',
  'select $1',
  'select 1 operator(pg_catalog.+) 2',
  'select a collate pg_catalog."C" from x',
  'select * from x tablesample bernoulli (1)',
  "select * from json_table('[]', '$[*]' columns (a int)) t",
  "select * from xmltable('/a' passing '<a/>' columns a int) t",
  "select * from json_to_recordset('[]') as t(a int)",
  "select json_object('a': 1)",
  "select 'a' is json",
];

describe('whatever changes, looks elsewhere or does more than compute', () => {
  const hostile = [...changing, ...elsewhere, ...others, ...calls.map((call) => `select ${call}`)];

  it(`is refused: ${hostile.length + catalogues.length + calls.length} ways`, async () => {
    expect(hostile.length + catalogues.length + calls.length).toBeGreaterThan(150);
    const through: string[] = [];
    for (const sql of hostile)
      if (!(await refusal(sql)).startsWith('forbidden: Not authorized'))
        through.push(`${sql} → ${await refusal(sql)}`);
    expect(through).toEqual([]);
  });

  it.each(catalogues)('is told that system tables are closed: %s', async (sql) => {
    expect(await refusal(sql)).toBe('forbidden: Not authorized to access system tables');
  });

  it('is refused wherever in the query a call stands, by its name', async () => {
    expect(await refusal('select pg_sleep(1)')).toBe('forbidden: Not authorized to call function pg_sleep');
    for (const call of calls.filter((one) => one.endsWith(')') && !one.startsWith('xml')))
      for (const sql of [
        `select 1 from x where ${call} is null`,
        `select * from x order by ${call}`,
        `select * from x limit (select ${call} from x)`,
        `with a as (select ${call}) select * from a`,
        `select sum(n) filter (where ${call} is null) from x`,
        `select array[${call}], row(${call}), case when true then ${call} end`,
      ])
        expect([sql, await refusal(sql)]).toEqual([
          sql,
          expect.stringContaining('forbidden: Not authorized'),
        ]);
  });
});
