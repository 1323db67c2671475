import { createHash, randomUUID } from 'node:crypto';
import { sql } from 'drizzle-orm';
import { beforeEach, describe, expect, it } from 'vitest';
import type { ManualClock } from '#platform/clock.ts';
import { testPlatform } from '#platform/database/testing.ts';
import { filesOf, keepFile, readFile } from '#platform/files/index.ts';
import { systemActor } from '#platform/work.ts';
import { stemsIn } from '../datastore/full-text.ts';
import { tablesNamed } from '../datastore/tables.ts';
import { findVersion, servedVersion, versionAsOf, versionsOf } from '../versions.ts';
import { askForLoad, findLoad, indexText, type LoadSource, runOneLoad, sweepLoads } from './loads.ts';

const platform = await testPlatform();
const clock = platform.clock as ManualClock;
const actor = systemActor('test');
const minutes = 60_000;
let resource = '';

beforeEach(async () => {
  const dataset = randomUUID();
  resource = randomUUID();
  const now = clock.now().toISOString();
  await platform.db.execute(sql`insert into od_dataset (id, name, state, created_at, modified_at)
    values (${dataset}, ${`d-${dataset}`}, 'draft', ${now}, ${now})`);
  await platform.db.execute(sql`insert into od_resource (id, dataset, position, kind, created_at, modified_at)
    values (${resource}, ${dataset}, 0, 'upload', ${now}, ${now})`);
});

const ask = (text: string, note = '', more: { source?: LoadSource; confirmed?: boolean } = {}) =>
  platform.work(actor, async (work) => {
    const file = await keepFile(work, filesOf(platform.config), {
      content: Buffer.from(text),
      type: 'text/csv',
      name: 'дані.csv',
    });
    await work.tx.execute(
      sql`update od_resource set file = ${file}, file_name = 'data.csv' where id = ${resource}`,
    );
    return askForLoad(work, { resource, source: 'api', note, ...more });
  });

async function load(text: string, note?: string, more?: { source?: LoadSource; confirmed?: boolean }) {
  const id = await ask(text, note, more);
  await runOneLoad(platform, id);
  return findLoad(platform.db, id);
}

async function served() {
  const version = await servedVersion(platform.db, resource);
  if (!version) return null;
  const { rows } = await platform.db.execute(sql`select * from ${version.from!} order by _id`);
  return { ...version, table: rows.map(({ _full_text, ...row }) => row) };
}
const tables = async () =>
  (await platform.db.execute(sql`select tablename from pg_tables where schemaname = 'open_data_rows'`)).rows
    .length;

describe('a load', () => {
  it('makes the first version: typed rows, raw bytes and Parquet in the store, hashes of both', async () => {
    const text = 'Назва;Сума;Дата\n парк ;1 234,50;01.02.2024\nсад;н/д;02.02.2024\n';
    const done = await load(text, 'перша');
    expect(done).toMatchObject({
      state: 'indexed',
      fault: null,
      unchanged: false,
      report: { rows: { read: 2, published: 2, refused: 0 } },
    });
    const version = await served();
    expect(version).toMatchObject({
      n: 1,
      rows: 2,
      key: ['Назва'],
      note: 'перша',
      rawName: 'data.csv',
      rawSha256: createHash('sha256').update(text).digest('hex'),
      fields: [
        { id: 'Назва', type: 'text' },
        { id: 'Сума', type: 'numeric', info: { null_words: { 'н/д': 1 } } },
        { id: 'Дата', type: 'date' },
      ],
    });
    expect(version!.table).toEqual([
      { _id: '1', Назва: 'парк', Сума: '1234.50', Дата: '2024-02-01' },
      { _id: '2', Назва: 'сад', Сума: null, Дата: '2024-02-02' },
    ]);
    const files = filesOf(platform.config);
    expect((await readFile(platform.db, files, version!.rawFile!)).toString()).toBe(text);
    expect((await readFile(platform.db, files, version!.dataFile!)).toString('latin1', 0, 4)).toBe('PAR1');
    expect((await readFile(platform.db, files, done.repairsFile!)).toString('latin1', 0, 4)).toBe('PAR1');
  });

  it('of the same data makes no version, however it is written', async () => {
    await load('a;b\n1;2,5\n');
    const again = await load('a,b\r\n1,"2.5"\r\n');
    expect(again).toMatchObject({ state: 'indexed', unchanged: true });
    expect(await versionsOf(platform.db, resource)).toHaveLength(1);
  });

  it('of other data makes the next version in one step; the one before stays as it was', async () => {
    await load('a;b\n1;2\n');
    const first = clock.now();
    clock.advance(minutes);
    await load('a;b\n1;3\n2;4\n');
    expect(await served()).toMatchObject({
      n: 2,
      table: [
        { _id: '1', a: '1', b: '3' },
        { _id: '2', a: '2', b: '4' },
      ],
    });
    expect((await versionAsOf(platform.db, resource, first))!.n).toBe(1);
    expect(await versionAsOf(platform.db, resource, new Date('2020-01-01'))).toBeNull();
    expect(await findVersion(platform.db, resource, 1)).toMatchObject({ rows: 1, replacedAt: clock.now() });
  });

  it('that fails says why, and what is served stays', async () => {
    await load('a;b\n1;2\n');
    expect(await load('')).toMatchObject({ state: 'failed', fault: { kind: 'empty' } });
    const mixed = Buffer.concat([
      Buffer.from('назва;n\nвода чиста;1\n'),
      Buffer.from([0xe2, 0xee, 0xe4, 0xe0, 0x3b, 0x31]),
    ]);
    expect(await load(mixed as unknown as string)).toMatchObject({
      state: 'failed',
      fault: { kind: 'encoding-mixed', detail: { offset: 35 } },
    });
    expect(await served()).toMatchObject({ n: 1 });
  });

  it('that a strict schema holds back is blocked, with its errors as a file', async () => {
    await platform.db.execute(
      sql`update od_resource set table_schema = ${JSON.stringify({
        origin: 'own',
        strictness: 'strict',
        columns: [{ id: 'n', title: null, type: 'integer', required: true, role: null }],
      })}::jsonb where id = ${resource}`,
    );
    const blocked = await load('n;x\n1;a\nдва;b\n');
    expect(blocked).toMatchObject({
      state: 'blocked',
      report: { errors: [{ row: 2, column: 'n', code: 'type', value: 'два' }] },
    });
    expect((await readFile(platform.db, filesOf(platform.config), blocked.errorsFile!)).toString()).toMatch(
      /^row,file_row,column,letter,code,severity,value,expected,hint_uk\n2,3,n,A,type,error,два,/,
    );
    expect(await served()).toBeNull();
  });

  it('with personal data is blocked whoever sent it, and passes once the column is masked', async () => {
    await load('Назва;Примітка\nпарк;нічого\n');
    const text = 'Назва;Примітка\nпарк;телефон 050 111-22-33\n';
    const blocked = await load(text);
    expect(blocked).toMatchObject({
      state: 'blocked',
      report: { errors: [{ row: 1, column: 'Примітка', code: 'personal-phone' }] },
    });
    expect(await served()).toMatchObject({ n: 1 });
    const rules = [{ id: 'm', fix: { do: 'mask', column: 'Примітка' }, author: 'редактор', on: true }];
    await platform.db.execute(
      sql`update od_resource set load_rules = ${JSON.stringify(rules)}::jsonb where id = ${resource}`,
    );
    await load(text);
    expect((await served())!.table).toEqual([{ _id: '1', Назва: 'парк', Примітка: '•••' }]);
  });

  it('follows the remembered fixes of its resource', async () => {
    await platform.db.execute(
      sql`update od_resource set load_rules = ${JSON.stringify([
        { id: 'a', fix: { do: 'drop', column: 'зайве' }, author: 'редактор', on: true },
        { id: 'b', fix: { do: 'drop', column: 'немає' }, author: 'редактор', on: true },
      ])}::jsonb where id = ${resource}`,
    );
    const done = await load('a;Зайве\n1;2\n');
    expect(done.report!.rules.map(({ id, matched }) => [id, matched])).toEqual([
      ['a', 1],
      ['b', 0],
    ]);
    expect((await served())!.fields).toEqual([{ id: 'a', type: 'int8' }]);
  });

  it('that a newer upload overtook ends without a version', async () => {
    const old = await ask('a\n1\n');
    await load('a\n2\n');
    await runOneLoad(platform, old);
    expect(await findLoad(platform.db, old)).toMatchObject({ state: 'failed', fault: { kind: 'overtaken' } });
    expect(await versionsOf(platform.db, resource)).toHaveLength(1);
  });

  it('may be run twice: the second time finds nothing to do', async () => {
    const id = await ask('a\n1\n');
    await Promise.all([runOneLoad(platform, id), runOneLoad(platform, id)]);
    await runOneLoad(platform, id);
    expect(await versionsOf(platform.db, resource)).toHaveLength(1);
    expect((await served())!.table).toEqual([{ _id: '1', a: '1' }]);
  });
});

describe('a load that is unusual beside the version before', () => {
  const before = 'назва;дата;стан\nа;2024-03-01;так\nб;2024-03-02;ні\nв;2024-03-05;так\n';
  const after = 'назва;дата\nг;2024-01-01\nд;2024-01-02\n';
  const unusual = [
    { code: 'fewer-rows', before: 3, after: 2 },
    { code: 'older-dates', column: 'дата', before: '2024-03-05', after: '2024-01-02' },
    { code: 'lost-column', column: 'стан' },
  ];

  it('by form is held back until the publisher says that it is meant', async () => {
    await load(before);
    expect(await load(after, '', { source: 'form' })).toMatchObject({
      state: 'blocked',
      report: { unusual },
    });
    expect(await served()).toMatchObject({ n: 1 });
    await load(after, '', { source: 'form', confirmed: true });
    expect(await served()).toMatchObject({ n: 2 });
  });

  it('by API passes, and that is told', async () => {
    await load(before);
    expect(await load(`${after}е;2024-01-03\n`)).toMatchObject({
      state: 'indexed',
      report: {
        unusual: [
          { code: 'column-changed', column: 'назва' },
          { code: 'older-dates' },
          { code: 'column-changed', column: 'дата' },
          { code: 'lost-column' },
        ],
      },
    });
    const { rows } = await platform.db.execute(
      sql`select from outbox where name = 'open-data.version.unusual' and payload ->> 'resource' = ${resource}`,
    );
    expect(rows).toHaveLength(1);
  });
});

describe('the DataStore', () => {
  it('asks the version that is served, from the switch on', async () => {
    await load('a;b\n1;2\n');
    await load('a;назва\n1;x\n2;y\n');
    const table = (await tablesNamed(platform.db, [resource])).get(resource)!;
    expect(table).toMatchObject({
      rows: 2,
      isDense: true,
      fields: [
        { id: 'a', type: 'int8' },
        { id: 'назва', type: 'text' },
      ],
    });
    const { rows } = await platform.db.execute(
      sql.raw(`select a, "назва" from open_data."${resource}" order by _id`),
    );
    expect(rows).toEqual([
      { a: '1', назва: 'x' },
      { a: '2', назва: 'y' },
    ]);
  });
});

describe('words', () => {
  const found = async (query: string) => {
    const version = await servedVersion(platform.db, resource);
    const { rows } = await platform.db.execute<{ _id: string }>(
      sql`select _id from ${version!.from!} where _full_text @@ to_tsquery('simple', ${query}) order by _id`,
    );
    return rows.map(({ _id }) => Number(_id));
  };
  const text = 'n;Опис\n1;ями на дорогах\n2;яма біля школи\n3;освітлення\n';

  it('of a small table are found from the switch on, in every form', async () => {
    await load(text);
    expect(await found('яма')).toEqual([2]);
    expect(await found(stemsIn('ямами')[0]!)).toEqual([1, 2]);
  });

  it('of a large table are indexed after the switch, and a second try goes on where the first ended', async () => {
    const done = await load(text);
    const version = await servedVersion(platform.db, resource);
    await platform.db.execute(sql`update ${version!.from!} set _full_text = null where _id > 1`);
    await platform.db.execute(sql`update od_load set state = 'switched' where id = ${done.id}`);
    expect(await found('яма')).toEqual([]);
    await indexText(platform, done.id);
    expect(await found('яма')).toEqual([2]);
    expect((await findLoad(platform.db, done.id)).state).toBe('indexed');
  });
});

describe('the sweep', () => {
  it('drops the rows of replaced versions when their readers have ended, and of loads that died', async () => {
    await sweepLoads(platform);
    await load('a\n1\n');
    await load('a\n2\n');
    const orphan = randomUUID().replaceAll('-', '');
    await platform.db.execute(sql.raw(`create table open_data_rows.r_${orphan}_00000000 (_id int8)`));
    const before = await tables();
    await sweepLoads(platform);
    expect(await tables()).toBe(before - 1);
    clock.advance(11 * minutes);
    await sweepLoads(platform);
    expect((await findVersion(platform.db, resource, 1)).from).toBeNull();
    expect((await served())!.table).toEqual([{ _id: '1', a: '2' }]);
  });

  it('asks again for a load whose process was killed', async () => {
    const id = await ask('a\n1\n');
    await platform.db.execute(sql`delete from outbox`);
    clock.advance(16 * minutes);
    await sweepLoads(platform);
    const { rows } = await platform.db.execute<{ payload: { job: string; data: { load: string } } }>(
      sql`select payload from outbox`,
    );
    expect(rows.map(({ payload }) => [payload.job, payload.data.load])).toContainEqual([
      'open-data.load',
      id,
    ]);
  });
});
