import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { jsonElements } from './json-elements.ts';
import { type FileOptions, readFileTable } from './read-file.ts';
import { quoted } from './sql.ts';
import { openStageDb } from './stage-db.ts';
import { encode, loadFolder, stagedCells } from './testing.ts';
import { typeTable } from './typed-table.ts';

const folder = loadFolder();
const city = { south: 48.3, west: 34.7, north: 48.6, east: 35.3 };

async function read(content: unknown, options?: FileOptions) {
  const path = join(folder, 'file');
  writeFileSync(
    path,
    typeof content === 'string' || Buffer.isBuffer(content) ? content : JSON.stringify(content),
  );
  const table = await readFileTable(path, folder, options);
  return { ...table, ...(await stagedCells(table, folder)) };
}
const rows = [
  { назва: 'парк', адреса: { вулиця: 'Соборна', дім: 5 }, теги: ['а', 'б'] },
  { назва: null, площа: 12.5, є: true, теги: [] },
];

describe('JSON', () => {
  it('as an array of objects is a table; members of objects inside are columns a.b', async () => {
    const got = await read(rows);
    expect(got.headers).toEqual(['назва', 'адреса.вулиця', 'адреса.дім', 'теги', 'площа', 'є']);
    expect(got.cells).toEqual([
      ['парк', 'Соборна', '5', '["а","б"]', '', ''],
      ['', '', '', '[]', '12.5', 'true'],
    ]);
    expect(got).toMatchObject({ source: { format: 'json' }, types: [null, null, null, 'json', null, null] });
  });

  it('may be an object with one array, pretty or not, or objects line by line', async () => {
    for (const text of [
      JSON.stringify({ count: 2, назви: ['x'], items: rows, next: null }),
      JSON.stringify({ items: rows }, null, 2),
    ])
      expect((await read(text)).cells[0]).toEqual(['парк', 'Соборна', '5', '["а","б"]', '', '']);
    const lines = await read(`${rows.map((row) => JSON.stringify(row)).join('\n')}\n`);
    expect(lines).toMatchObject({ source: { format: 'ndjson' } });
    expect(lines.cells).toHaveLength(2);
    expect((await read('{"a":1}')).cells).toEqual([['1']]);
    expect(
      (
        await read({
          fields: [{ id: 'a' }],
          records: [
            ['a', 'b'],
            [1, 'x'],
            [2, null],
            [3, 'y'],
          ],
        })
      ).cells,
    ).toEqual([
      ['1', 'x'],
      ['2', ''],
      ['3', 'y'],
    ]);
  });

  it('may be of any encoding and its long numbers keep their digits', async () => {
    expect((await read(encode('[{"назва":"їжак","n":12345678901234567890}]', 'windows-1251'))).cells).toEqual(
      [['їжак', '12345678901234567890']],
    );
  });

  it('that is broken or holds no table says so', async () => {
    for (const text of ['[{"a":1},{"a":', '[{"a":1}}', '[{"a":1,}]'])
      await expect(read(text)).rejects.toMatchObject({ kind: 'json-broken' });
    for (const text of ['[1,2]', '[]', '[[]]', '{}'])
      await expect(read(text)).rejects.toMatchObject({ status: 422 });
  });

  it('is gone through without holding more than one element', async () => {
    async function* endless() {
      yield '[';
      for (let n = 0; n < 1_000; n += 1)
        yield `{"n":${n},"text":"a\\"]${'x'.repeat(100)}"}${n < 999 ? ',' : ']'}`;
    }
    let count = 0;
    for await (const { text } of jsonElements(endless())) expect(JSON.parse(text).n).toBe(count++);
    expect(count).toBe(1_000);
  });
});

describe('GeoJSON', () => {
  const feature = (name: string, geometry: unknown) => ({ type: 'Feature', properties: { name }, geometry });
  const collection = (...features: unknown[]) => ({ type: 'FeatureCollection', features });

  it('of points has their latitude and longitude', async () => {
    const got = await read(
      collection(feature('a', { type: 'Point', coordinates: [35.04, 48.46] }), feature('b', null)),
      { city },
    );
    expect(got).toMatchObject({
      headers: ['name', 'lat', 'lon'],
      cells: [
        ['a', '48.46', '35.04'],
        ['b', '', ''],
      ],
      source: { format: 'geojson' },
    });
  });

  it('of other shapes keeps the geometry', async () => {
    const line = {
      type: 'LineString',
      coordinates: [
        [35.04, 48.46],
        [35.05, 48.47],
      ],
    };
    const got = await read(collection(feature('a', line)));
    expect(got.headers).toEqual(['name', 'geometry']);
    expect(JSON.parse(got.cells[0]![1]!)).toEqual(line);
  });

  it('with latitude and longitude swapped is put right by the box of the city, and that is said', async () => {
    const got = await read(collection(feature('a', { type: 'Point', coordinates: [48.46, 35.04] })), {
      city,
    });
    expect(got.cells).toEqual([['a', '48.46', '35.04']]);
    expect(got.notices).toEqual([{ code: 'swapped-coordinates', count: 1 }]);
  });
});

describe('Parquet', () => {
  it('is read with its types, its lists as JSON', async () => {
    const path = join(folder, 'made.parquet');
    const db = await openStageDb(folder);
    await db.run(
      `copy (select * from (values (1, 'парк, "сад"', date '2024-03-12', 12.50::decimal(9,2), true, ['а']), (2, null, null, null, null, null)) t("№", назва, дата, сума, є, теги)) to ${quoted(path)} (format parquet)`,
    );
    db.close();
    const table = await readFileTable(path, folder);
    const stage = await openStageDb(folder);
    const typed = await typeTable(stage, table, { today: '2026-11-24' });
    expect(typed.columns.map(({ id, plan }) => [id, plan.type])).toEqual([
      ['№', 'integer'],
      ['назва', 'text'],
      ['дата', 'date'],
      ['сума', 'numeric'],
      ['є', 'boolean'],
      ['теги', 'text'],
    ]);
    expect((await stage.rows('select v1, v3, v5 from published'))[0]).toEqual({
      v1: 'парк, "сад"',
      v3: '12.50',
      v5: '["а"]',
    });
    stage.close();
  });
});
