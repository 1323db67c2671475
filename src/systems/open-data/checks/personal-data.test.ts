import { afterEach, describe, expect, it } from 'vitest';
import type { Fix } from '../loading/rules.ts';
import { openStageDb, type StageDb } from '../loading/stage-db.ts';
import { inPiecesOf, loadFolder, seeded } from '../loading/testing.ts';
import { readTextTable } from '../loading/text-table.ts';
import { type TypingOptions, typeTable } from '../loading/typed-table.ts';
import { isRnokpp } from './identifiers.ts';
import { officialTable } from './official-tables.ts';

const folder = loadFolder();
let db: StageDb | undefined;
afterEach(() => {
  db?.close();
  db = undefined;
});

async function check(
  headers: readonly string[],
  rows: readonly (readonly string[])[],
  options: Partial<TypingOptions> & { fix?: Fix } = {},
) {
  const text = [headers, ...rows].map((cells) => cells.map((cell) => `"${cell}"`).join(';')).join('\n');
  const read = await readTextTable(inPiecesOf(Buffer.from(`${text}\n`)), folder, {
    headerRows: 1,
    skipRows: 0,
    delimiter: ';',
  });
  db = await openStageDb(folder);
  const rules = options.fix ? [{ id: 'a', fix: options.fix, author: 'x', on: true }] : [];
  const table = await typeTable(db, read, { today: '2026-11-24', personal: 'error', rules, ...options });
  db.close();
  db = undefined;
  return {
    blocked: table.blocked,
    table,
    hits: table.errors
      .filter(({ code }) => code.startsWith('personal-'))
      .map(({ row, column, code }) => `${row} ${column} ${code.slice(9)}`),
  };
}
const one = (header: string, ...cells: string[]) =>
  check(
    [header, 'інше'],
    cells.map((cell) => [cell, 'парк']),
  );

describe('personal data', () => {
  it('block the load: РНОКПП, УНЗР, passports, telephones, letters, cards, wherever they stand', async () => {
    const got = await one(
      'Примітка',
      'код 9123456783 зазначено',
      '19910824-00026',
      'АЕ 123456',
      'дзвонити (050) 111-22-33 після 18:00',
      '+380671112233',
      'пишіть на test.testenko@example.org, дякуємо',
      'картка 4242 4242 4242 4242',
      'паспорт серії АК № 654321',
    );
    expect(got.blocked).toBe(true);
    expect(got.hits).toEqual([
      '1 Примітка rnokpp',
      '2 Примітка unzr',
      '3 Примітка passport',
      '4 Примітка phone',
      '5 Примітка phone',
      '6 Примітка email',
      '7 Примітка card',
      '8 Примітка passport',
    ]);
  });

  it('are found in columns of numbers and of any header', async () => {
    expect((await one('n', '9123456783', '9000000002')).hits).toEqual(['1 n rnokpp', '2 n rnokpp']);
    expect((await one('Номер паспорта', '123456789')).hits).toEqual(['1 Номер паспорта passport']);
  });

  it('are a full name beside a birth day or a home address', async () => {
    expect(
      (
        await check(
          ['Особа', 'Дата народження'],
          [
            ['Тестенко Тест Тестович', '01.02.1990'],
            ['Комунальне підприємство', ''],
          ],
        )
      ).hits,
    ).toEqual(['1 Особа name-birth']);
    expect(
      (
        await check(
          ['ПІБ', 'Адреса'],
          [
            ['Тестенко Т. Т.', 'вул. Соборна, 5, кв. 12'],
            ['Тестенко', 'вул. Соборна, 5'],
          ],
        )
      ).hits,
    ).toEqual(['1 ПІБ name-address']);
    expect(
      (await check(['Керівник', 'Адреса'], [['Тестенко Тест Тестович', 'вул. Соборна, 5']])).hits,
    ).toEqual([]);
  });

  it('are a rare name without a patronymic where the header says that a person stands there', async () => {
    const names = [
      'Онисим Гайдук',
      'Гайдук Ядвіга',
      'Сірко О. П.',
      'Комунальне підприємство',
      'Парк Перемоги, 2',
    ];
    expect(
      (
        await check(
          ['Заявник', 'Дата народження'],
          names.map((name) => [name, '01.02.1990']),
        )
      ).hits,
    ).toEqual(['1 Заявник name-birth', '2 Заявник name-birth', '3 Заявник name-birth']);
    expect((await check(['Назва', 'Дата народження'], [['Онисим Гайдук', '01.02.1990']])).hits).toEqual([]);
  });

  it('are not ЄДРПОУ, cadastral numbers, КОАТУУ, coordinates, sums, dates, times and addresses', async () => {
    const got = await check(
      ['ЄДРПОУ', 'Кадастровий номер', 'КОАТУУ', 'lat', 'Сума', 'Дата', 'Посилання', 'Адреса'],
      [
        [
          '43395033',
          '1210100000:02:123:0001',
          '1210136300',
          '48.4647123456',
          '1234567890,12',
          '2024-03-12',
          'https://city.example/doc/9123456783',
          'вул. Соборна, 5, оф. 123456',
        ],
        [
          '00015622',
          '1210100000:02:123:0002',
          '1210138200',
          '48.4647123457',
          '0,5',
          '2024-03-13',
          'https://city.example/0501112233',
          'просп. Гагаріна, 100',
        ],
      ],
    );
    expect(got.hits).toEqual([]);
    expect(got.blocked).toBe(false);
  });

  it('are found to the last one: РНОКПП and letters among a thousand rows', async () => {
    const random = seeded(3);
    const rows = Array.from({ length: 1_000 }, (_, n) => [
      String(n),
      `звернення № ${Math.floor(random() * 99_999)} від мешканця`,
      'виконано',
    ]);
    const planted = new Set<string>();
    for (let n = 0; n < 40; n += 1) {
      const row = Math.floor(random() * 1_000);
      const digits = `9${String(Math.floor(random() * 1e8)).padStart(8, '0')}`;
      const code = Array.from({ length: 10 }, (_, last) => digits + last).find(isRnokpp)!;
      const isLetter = n % 2 === 0;
      rows[row]![1] = isLetter
        ? `відповідь надіслати: l${n}@mail.example.com.`
        : `заявник, ідентифікаційний код ${code}, просить`;
      for (const hit of planted) if (hit.startsWith(`${row + 1} `)) planted.delete(hit);
      planted.add(`${row + 1} Зміст ${isLetter ? 'email' : 'rnokpp'}`);
    }
    const got = await check(['n', 'Зміст', 'Стан'], rows);
    expect(new Set(got.hits)).toEqual(planted);
  });

  it('block few tables without any: at most one in fifty', async () => {
    const random = seeded(11);
    const digits = (count: number) => Array.from({ length: count }, () => Math.floor(random() * 10)).join('');
    const tables = Array.from({ length: 50 }, (_, n) => n);
    const got = await check(
      tables.flatMap((n) =>
        ['Інвентарний номер', 'Договір', 'Площа', 'Широта', 'Рішення'].map((name) => `${name} ${n}`),
      ),
      Array.from({ length: 20 }, (_, row) =>
        tables.flatMap(() => [
          `1013${digits(5)}`,
          `№ ${digits(3)}/${digits(2)}-${2020 + (row % 5)}`,
          `${digits(3)},${digits(2)}`,
          `48.4${digits(5)}`,
          `рішення від 12.03.202${row % 5} № ${digits(2)}/${digits(2)}`,
        ]),
      ),
    );
    const blocked = new Set(got.table.errors.map(({ column }) => column.split(' ').at(-1))).size;
    expect(blocked).toBeLessThanOrEqual(1);
  });
});

describe('columns with telephones and names that the standard demands', () => {
  const of = (id: string, values: Record<string, string>) => {
    const schema = officialTable(id)!.schema;
    return check(Object.keys(values), [Object.values(values)], {
      schema: { ...schema, columns: schema.columns.map((column) => ({ ...column, required: false })) },
      strictness: 'tolerant',
    });
  };

  it('are exempt', async () => {
    expect(
      (
        await of('835/2/organizations', {
          Id: '43395033',
          contactPointTelephone: '+380567441122',
          contactPointEmail: 'rada@city.example',
        })
      ).hits,
    ).toEqual([]);
    expect(
      (
        await of('835/30/deputies', {
          familyName: 'Тестенко',
          name: 'Тест',
          birthDate: '1980-01-02',
          telephone: '+380501112233',
          email: 'x@y.example',
        })
      ).hits,
    ).toEqual([]);
    expect(
      (
        await of('835/75/register', {
          familyName: 'Тестенко Тест Тестович',
          birthDate: '1930-01-02',
          deathDate: '2020-01-02',
        })
      ).hits,
    ).toEqual([]);
  });

  it('are no excuse for others in the same table', async () => {
    expect(
      (await of('835/2/organizations', { Id: '43395033', description: 'директорка, 050 111 22 33' })).hits,
    ).toEqual(['1 description phone']);
  });

  it('count document numbers only when most of them are РНОКПП', async () => {
    const columns = officialTable('835/18/movableProperty')!.schema;
    const schema = { ...columns, columns: columns.columns.map((column) => ({ ...column, required: false })) };
    const few = await check(
      ['inventoryNumber', 'model'],
      [
        ['9123456783', 'a'],
        ['1013600001', 'b'],
        ['1013600002', 'c'],
      ],
      { schema },
    );
    expect(few.hits).toEqual([]);
    const most = await check(
      ['inventoryNumber', 'model'],
      [
        ['9123456783', 'a'],
        ['9000000002', 'b'],
        ['9123456790', 'c'],
      ],
      { schema },
    );
    expect(most.hits).toHaveLength(3);
  });
});

describe('the ways out', () => {
  const rows = [['+380501112233', 'парк']];
  it('are to mask, hash or drop the column', async () => {
    for (const what of ['mask', 'hash', 'drop'] as const)
      expect(await check(['Телефон', 'Назва'], rows, { fix: { do: what, column: 'Телефон' } })).toMatchObject(
        { blocked: false, hits: [] },
      );
  });
  it('are an explanation of the publisher, once the officer approved it', async () => {
    const fix = { do: 'not-personal', column: 'Телефон', because: 'гаряча лінія' } as const;
    expect((await check(['Телефон', 'Назва'], rows, { fix: { ...fix, approvedBy: null } })).blocked).toBe(
      true,
    );
    expect(
      (await check(['Телефон', 'Назва'], rows, { fix: { ...fix, approvedBy: 'відповідальна особа' } }))
        .blocked,
    ).toBe(false);
  });
  it('is only a warning where the organisation chose so, and the report hides the values', async () => {
    const got = await check(['Телефон', 'Назва'], rows, { personal: 'warning' });
    expect(got).toMatchObject({ blocked: false, hits: ['1 Телефон phone'] });
    expect(JSON.stringify(got.table.errors)).not.toContain('380501112233');
  });
});
