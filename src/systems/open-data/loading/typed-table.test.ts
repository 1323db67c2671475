import { afterEach, describe, expect, it } from 'vitest';
import { officialTable } from '../checks/official-tables.ts';
import type { TableSchema } from '../checks/table-schema.ts';
import type { Fix, LoadRule } from './rules.ts';
import { openStageDb, type StageDb } from './stage-db.ts';
import { inPiecesOf, loadFolder } from './testing.ts';
import { readTextTable } from './text-table.ts';
import { type TypingOptions, typeTable } from './typed-table.ts';

const folder = loadFolder();
let db: StageDb | undefined;
afterEach(() => {
  db?.close();
  db = undefined;
});

async function load(text: string, options: Partial<TypingOptions> = {}) {
  const read = await readTextTable(inPiecesOf(Buffer.from(text)), folder);
  db = await openStageDb(folder);
  const table = await typeTable(db, read, { today: '2026-11-24', ...options });
  const rows = await db.rows('select * from published order by _id');
  // Nothing is lost, whatever came in.
  expect(rows).toHaveLength(table.rows.published);
  expect(table.rows.published + table.rows.refused).toBe(table.rows.read);
  return {
    ...table,
    types: Object.fromEntries(table.columns.map(({ id, plan }) => [id, plan.type])),
    values: rows.map((row) => table.columns.map(({ n }) => row[`v${n}`] ?? null)),
  };
}

const rules = (...fixes: Fix[]): LoadRule[] =>
  fixes.map((fix, n) => ({ id: `r${n}`, fix, author: 'редактор', on: true }));

const own = (
  columns: readonly (Partial<TableSchema['columns'][number]> & { id: string })[],
  key: string[] = [],
): TableSchema => ({
  origin: 'own',
  columns: columns.map((column) => ({ title: null, type: 'text', required: false, role: null, ...column })),
  key,
  keyIsUnique: key.length > 0,
});

describe('a table without a schema', () => {
  it('is typed column by column, and each changed cell is in the repair report', async () => {
    const got = await load('Назва;Сума;Дата;Є\n парк ;1 234,50;01.02.2024;так\nсад;2,5;2024-02-03;н/д\n');
    expect(got.types).toEqual({ Назва: 'text', Сума: 'numeric', Дата: 'date', Є: 'boolean' });
    expect(got.values).toEqual([
      ['парк', '1234.50', '2024-02-01', 'true'],
      ['сад', '2.5', '2024-02-03', null],
    ]);
    expect(got.repairs).toEqual([
      { column: 'Назва', rule: 'trim', count: 1, example: { row: 1, before: ' парк ', after: 'парк' } },
      { column: 'Сума', rule: 'number', count: 2, example: { row: 1, before: '1 234,50', after: '1234.50' } },
      {
        column: 'Дата',
        rule: 'date',
        count: 1,
        example: { row: 1, before: '01.02.2024', after: '2024-02-01' },
      },
      { column: 'Є', rule: 'boolean', count: 1, example: { row: 1, before: 'так', after: 'true' } },
      { column: 'Є', rule: 'null-word', count: 1, example: { row: 2, before: 'н/д', after: null } },
    ]);
  });

  it('ends above its totals, notes and signatures', async () => {
    const got = await load(
      'Район;План;Факт\nСоборний;1;2\nЦентральний;3;4\nВсього;4;6\n* без урахування шкіл\nВиконавець: відділ статистики;;\n',
    );
    expect(got.values).toEqual([
      ['Соборний', '1', '2'],
      ['Центральний', '3', '4'],
    ]);
    expect(got.types).toMatchObject({ План: 'integer' });
    expect(got.notices).toContainEqual({ code: 'footer-rows', count: 3 });
  });

  it('loses the columns of nothing that trailing delimiters make', async () => {
    expect((await load('a;b;;\n1;2;;\n3;4;;\n')).columns.map(({ id }) => id)).toEqual(['a', 'b']);
  });

  it('reports an impossible date by row, line, column and letter, and blocks nothing', async () => {
    const got = await load('n;Дата\n1;01.02.2024\n\n2;31.02.2024\n3;03.02.2024\n');
    expect(got.errors).toEqual([
      {
        row: 2,
        file_row: 4,
        column: 'Дата',
        letter: 'B',
        code: 'type',
        value: '31.02.2024',
        expected: 'дата РРРР-ММ-ДД або ДД.ММ.РРРР',
        hint_uk: expect.stringContaining('календарі'),
      },
    ]);
    expect(got).toMatchObject({ blocked: false, rows: { read: 3, published: 3, refused: 0 } });
  });

  it('keeps rows that are too long out, with their number', async () => {
    const got = await load('a;b\n1;2\n3;4;5\n6;7\n');
    expect(got.rows).toEqual({ read: 3, published: 2, refused: 1 });
    expect(got.errors).toMatchObject([{ row: 2, file_row: 3, code: 'ragged', letter: 'C', value: '5' }]);
  });
});

describe('remembered fixes', () => {
  it('are applied to the next upload: types, words, marks, names', async () => {
    const got = await load('Код;Сума;Стан;Зайве\n007;1,234;пʼять;x\n008;5,678;2;y\n', {
      rules: rules(
        { do: 'type', column: ' код', type: 'integer' },
        { do: 'decimal-mark', column: 'сума', mark: ',' },
        { do: 'dictionary', column: 'Стан', words: { пʼять: '5' } },
        { do: 'type', column: 'Стан', type: 'integer' },
        { do: 'drop', column: 'Зайве' },
        { do: 'rename', column: 'Код', to: 'code' },
      ),
    });
    expect(got.types).toEqual({ code: 'integer', Сума: 'numeric', Стан: 'integer' });
    expect(got.values).toEqual([
      ['7', '1.234', '5'],
      ['8', '5.678', '2'],
    ]);
  });

  it('that matched nothing are shown as such', async () => {
    const got = await load('a;b\n1;2\n', {
      rules: rules({ do: 'drop', column: 'с' }, { do: 'nulls', column: 'a', words: ['1'] }),
    });
    expect(got.rules.map(({ id, matched }) => [id, matched])).toEqual([
      ['r0', 0],
      ['r1', 1],
    ]);
    expect(got.values).toEqual([[null, '2']]);
  });

  it('split a column, swap latitude and longitude, cut a footer', async () => {
    const got = await load(
      'Адреса;lat;lon\nСоборна, 5, кв. 2;35.04;48.46\nГоголя, 7;35.05;48.47\nразом два;;\n',
      {
        rules: rules(
          { do: 'split', column: 'Адреса', by: ',', into: ['Вулиця', 'Будинок'] },
          { do: 'swap-coordinates', lat: 'lat', lon: 'lon' },
          { do: 'footer', rows: 1 },
        ),
      },
    );
    expect(got.values).toEqual([
      ['Соборна', '5, кв. 2', '48.46', '35.04'],
      ['Гоголя', '7', '48.47', '35.05'],
    ]);
  });

  it('mask or hash a column; its values are in no report', async () => {
    const got = await load('ПІБ;Телефон\nТест Тестенко;+380501112233\nТест Тестенко;\n', {
      hashKey: 'ключ',
      rules: rules({ do: 'hash', column: 'ПІБ' }, { do: 'mask', column: 'Телефон' }),
    });
    const [[name, phone], [again, none]] = got.values as [[string, string], [string, null]];
    expect(name).toMatch(/^[0-9a-f]{16}$/);
    expect(again).toBe(name);
    expect([phone, none]).toEqual(['•••', null]);
    expect(JSON.stringify(got.repairs)).not.toMatch(/Тестенко|380/);
  });
});

describe('a table with a schema', () => {
  const schema = own(
    [
      { id: 'uid', required: true },
      { id: 'kind', enum: ['яма', 'вода'] },
      { id: 'count', type: 'integer', min: 0, max: 100 },
      { id: 'note', maxLength: 5, pattern: '[а-я]+' },
    ],
    ['uid'],
  );
  const text =
    'uid;kind;count;note\nа;яма;5;так\nа;вода;багато;\nб;світло;101;довгенько\n;яма;-1;X\nв;;null;\n';

  it('says of each cell what is wrong with it', async () => {
    const got = await load(text, { schema, strictness: 'strict' });
    expect(got.errors.map(({ row, column, code }) => `${row} ${column} ${code}`)).toEqual([
      '1 uid unique',
      '2 uid unique',
      '2 count type',
      '3 kind enum',
      '3 count range',
      '3 note too-long',
      '4 uid required',
      '4 count range',
      '4 note pattern',
    ]);
    expect(got.errorCounts).toContainEqual({ code: 'unique', column: 'uid', severity: 'error', count: 2 });
  });

  it('that is strict is blocked by any error', async () => {
    expect(await load(text, { schema, strictness: 'strict' })).toMatchObject({ blocked: true });
    expect(await load('uid;kind;count;note\nа;яма;5;\n', { schema, strictness: 'strict' })).toMatchObject({
      blocked: false,
    });
  });

  it('that is tolerant keeps bad rows out and publishes the others, numbered anew', async () => {
    const got = await load(text, { schema, strictness: 'tolerant' });
    expect(got).toMatchObject({ blocked: false, rows: { read: 5, published: 1, refused: 4 } });
    expect(got.values).toEqual([['в', null, null, null]]);
  });

  it('is blocked without a required column', async () => {
    expect(await load('kind\nяма\n', { schema, strictness: 'tolerant' })).toMatchObject({
      blocked: true,
      missing: ['uid'],
    });
  });

  it('has canonical names, and Latin codes however they were typed', async () => {
    const got = await load(`UID;CАTUTTC\n1;UА12020010010037010\n`, {
      schema: officialTable('835/33/appeals')!.schema,
    });
    expect(got.columns.map(({ id }) => id)).toEqual(['uid', 'CATUTTC']);
    expect(got.values).toEqual([['1', 'UA12020010010037010']]);
    expect(got.repairs).toMatchObject([{ rule: 'look-alike', count: 1 }]);
    expect(got.errors.map(({ code }) => code)).toEqual([]);
  });

  it('may hold the literal null where a value is required, and warns of a wrong ЄДРПОУ and a point outside of the city', async () => {
    const got = await load(
      'uid;lat;lon;balanceHolderId\n1;null;null;43395033\n2;50.45;30.52;43395034\n3;48.46;35.04;00015622\n4;;;39787008\n',
      {
        schema: {
          ...officialTable('835/72/shelters')!.schema,
          columns: officialTable('835/72/shelters')!.schema.columns.filter(({ id }) =>
            ['uid', 'lat', 'lon', 'balanceHolderId'].includes(id),
          ),
        },
        strictness: 'tolerant',
        city: { south: 48.3, west: 34.7, north: 48.6, east: 35.3 },
      },
    );
    expect(got.errorCounts).toEqual(
      expect.arrayContaining([
        { code: 'geo-outside-city', column: 'lat', severity: 'warning', count: 1 },
        { code: 'identifier', column: 'balanceHolderId', severity: 'warning', count: 1 },
        { code: 'required', column: 'lat', severity: 'error', count: 1 },
      ]),
    );
    expect(got.rows).toEqual({ read: 4, published: 3, refused: 1 });
  });
});
