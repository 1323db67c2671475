import { sql } from 'drizzle-orm';
import { beforeAll, describe, expect, it } from 'vitest';
import { testPlatform } from '#platform/database/testing.ts';
import { Faulty } from '../faults.ts';
import { fullTextOf } from './full-text.ts';
import { type SearchRequest, searchTable } from './search.ts';
import type { DataTable } from './table.ts';

const platform = await testPlatform({ systems: [] });
const table: DataTable = {
  from: sql`ds_schools`,
  rows: 6,
  isDense: true,
  fields: [
    { id: 'Назва', type: 'text' },
    { id: 'місць', type: 'int4', info: { label: 'Місць' } },
    { id: 'площа', type: 'numeric' },
    { id: 'відкрито', type: 'date' },
    { id: 'оновлено', type: 'timestamp' },
    { id: 'діє', type: 'bool' },
    { id: 'гуртки', type: '_text' },
    { id: 'ще', type: 'json' },
  ],
};

beforeAll(async () => {
  const json = (value: unknown) => JSON.stringify(value);
  await platform.db.execute(sql`create table ds_schools (_id int8 primary key, "Назва" text, "місць" int4, "площа" numeric, "відкрито" date,
    "оновлено" timestamp, "діє" bool, "гуртки" text[], "ще" json, _full_text tsvector)`);
  const rows: unknown[][] = [
    [
      'Школа № 1 на вулиці Робочій',
      850,
      '1200.50',
      '1953-09-01',
      '2026-11-01T08:30:00',
      true,
      ['шахи', 'хор'],
      { a: 1 },
    ],
    ["Ліцей «Об'єднання»", 420, '900', '1998-09-01', '2026-11-02T00:00:00', true, ['шахи'], { b: [1, 2] }],
    ['Гімназія, "Дніпро"', 600, '-5.25', null, null, false, null, null],
    ['Школа мистецтв', null, null, '2010-02-28', '2026-10-31T23:59:59.5', null, [], { a: 2 }],
    ['Дитячий садок', 120, '0.10', '2010-02-28', '2026-11-03T10:00:00', true, ['хор'], 'текст'],
    ['Book depot', 120, '12345678901234567890.123', '2020-01-01', '2026-11-03T10:00:00', false, ['a,b'], 7],
  ];
  for (const [n, row] of rows.entries()) {
    const [name, places, area, open, at, works, clubs, more] = row;
    await platform.db.execute(sql`insert into ds_schools values (${n + 1}, ${name}, ${places}, ${area}::numeric, ${open}::date, ${at}::timestamp, ${works},
      ${clubs === null ? null : sql`array(select jsonb_array_elements_text(${json(clubs)}::jsonb))`}, ${more === null ? null : json(more)}::json,
      ${fullTextOf([name as string])})`);
  }
});

const ask = (request: SearchRequest) => searchTable(platform.db, table, request);
const ids = async (request: SearchRequest) =>
  (JSON.parse((await ask({ fields: ['_id'], ...request })).records) as { _id: number }[]).map(
    (one) => one._id,
  );
const found = async (filters: unknown) => {
  const answer = await ask({ filters, fields: ['_id'] });
  const rows = JSON.parse(answer.records) as { _id: number }[];
  expect(answer.total).toBe(rows.length);
  return rows.map((one) => one._id);
};
const fault = async (request: SearchRequest) => {
  try {
    await ask(request);
  } catch (error) {
    if (error instanceof Faulty) return error.fields;
    throw error;
  }
  return null;
};

describe('rows of the DataStore', () => {
  it('come with their columns: numbers as numbers, times with milliseconds, _id first', async () => {
    const { records, fields, total, limit, offset } = await ask({ limit: 1 });
    expect(JSON.parse(records)).toEqual([
      {
        _id: 1,
        Назва: 'Школа № 1 на вулиці Робочій',
        місць: 850,
        площа: 1200.5,
        відкрито: '1953-09-01',
        оновлено: '2026-11-01T08:30:00.000',
        діє: true,
        гуртки: ['шахи', 'хор'],
        ще: { a: 1 },
      },
    ]);
    expect(records).toContain('"площа":1200.50');
    expect(fields.slice(0, 3)).toEqual([
      { id: '_id', type: 'int' },
      { id: 'Назва', type: 'text' },
      { id: 'місць', type: 'int4', info: { label: 'Місць' } },
    ]);
    expect([total, limit, offset]).toEqual([6, 1, 0]);
  });

  it('keep every digit of a number and say null where there is nothing', async () => {
    const { records } = await ask({ fields: ['площа', 'ще'], filters: { _id: [4, 6] } });
    expect(records).toBe('[{"площа":null,"ще":{"a":2}},{"площа":12345678901234567890.123,"ще":7}]');
  });

  it('come as lists, CSV or TSV in the asked order of columns', async () => {
    const request = { fields: ['місць', 'Назва', 'оновлено'], filters: { _id: [3, 4] } };
    expect(JSON.parse((await ask({ ...request, format: 'lists' })).records)).toEqual([
      [600, 'Гімназія, "Дніпро"', null],
      [null, 'Школа мистецтв', '2026-10-31T23:59:59.500'],
    ]);
    expect(JSON.parse((await ask({ ...request, format: 'csv' })).records)).toBe(
      '600,"Гімназія, ""Дніпро""",\n,Школа мистецтв,2026-10-31T23:59:59.500\n',
    );
    expect(JSON.parse((await ask({ ...request, format: 'tsv' })).records)).toBe(
      '600\t"Гімназія, ""Дніпро"""\t\n\tШкола мистецтв\t2026-10-31T23:59:59.500\n',
    );
  });

  it('are counted exactly, cut only by the limit that is told, and may be left out to ask for columns', async () => {
    expect(await ids({ limit: 2, offset: 4 })).toEqual([5, 6]);
    expect(await ids({ limit: 2, offset: 100 })).toEqual([]);
    const none = await ask({ limit: 0, filters: { діє: true } });
    expect([none.records, none.total, none.fields.length]).toEqual(['[]', 3, 9]);
    expect((await ask({ limit: 99_999 })).limit).toBe(32_000);
    expect((await ask({ withTotal: false })).total).toBeNull();
  });

  it('tell where to go on while they stand in the order of the file', async () => {
    expect((await ask({ limit: 2 })).last).toEqual({ id: 2, descending: false });
    expect((await ask({ limit: 2, sort: ['_id desc'] })).last).toEqual({ id: 5, descending: true });
    expect((await ask({ limit: 2, fields: ['Назва'] })).last).toEqual({ id: 2, descending: false });
    expect((await ask({ limit: 2, sort: ['місць'] })).last).toBeNull();
  });

  it('are sorted by several columns, the order of the file deciding between equals', async () => {
    expect(await ids({ sort: ['місць, _id desc'] })).toEqual([6, 5, 2, 3, 1, 4]);
    expect(await ids({ sort: ['місць desc nulls last'] })).toEqual([1, 3, 2, 5, 6, 4]);
    expect(await ids({ sort: ['"місць" asc nulls first', 'Назва'] })).toEqual([4, 6, 5, 2, 3, 1]);
    expect(await fault({ sort: ['немає desc'] })).toEqual({ sort: ['invalid value "немає desc"'] });
    expect(await fault({ sort: ['місць; drop table x'] })).toEqual({
      sort: ['invalid value "місць; drop table x"'],
    });
  });

  it('are told apart when only different ones are wanted', async () => {
    const answer = await ask({
      distinct: true,
      fields: ['місць'],
      sort: ['місць'],
      filters: { місць: { gt: 1 } },
    });
    expect(JSON.parse(answer.records)).toEqual([120, 420, 600, 850].map((n) => ({ місць: n })));
    expect(answer.total).toBe(4);
  });
});

describe('filters', () => {
  it.each<[string, unknown, number[]]>([
    ['one value', { Назва: 'Дитячий садок' }, [5]],
    ['a number written as a text', { місць: '120' }, [5, 6]],
    ['a text column compares with the value as written', { Назва: 120 }, []],
    ['a fraction fits no whole number', { місць: '120.5' }, []],
    ['a list of values', { місць: [420, '600'] }, [2, 3]],
    ['an empty list fits nothing', { місць: [] }, []],
    ['nothing at all', { місць: null }, [4]],
    ['a list with nothing in it', { місць: [null, 850] }, [1, 4]],
    ['operators that all hold', { місць: { gt: 120, lte: 600 } }, [2, 3]],
    ['values and operators in one list', { місць: [120, { gte: 850 }] }, [1, 5, 6]],
    ['not a value', { діє: { ne: true } }, [3, 4, 6]],
    ['among', { місць: { in: [420, 850] } }, [1, 2]],
    ['a day', { відкрито: '2010-02-28' }, [4, 5]],
    ['from a time on', { оновлено: { gte: '2026-11-02' } }, [2, 5, 6]],
    ['an exact number', { площа: '0.1' }, [5]],
    ['yes and no', { діє: 'false' }, [3, 6]],
    ['two columns', { діє: true, місць: 120 }, [5]],
    ['either', { $or: [{ місць: 850 }, { діє: false }] }, [1, 3, 6]],
    ['both', { $and: [{ місць: { gt: 100 } }, { місць: { lt: 200 } }] }, [5, 6]],
    ['a list of dicts is either', [{ місць: 850 }, { місць: 420 }], [1, 2]],
    [
      'nested',
      { $or: [{ $and: [{ діє: true }, { $or: [{ місць: 850 }, { місць: 1 }] }] }, { _id: 3 }] },
      [1, 3],
    ],
    ['a list with a value', { гуртки: 'хор' }, [1, 5]],
    ['a list with one of some', { гуртки: ['хор', 'a,b'] }, [1, 5, 6]],
    ['exactly that list', { гуртки: { eq: ['шахи', 'хор'] } }, [1]],
    ['as text of JSON', '{"місць": 850}', [1]],
    ['no condition', {}, [1, 2, 3, 4, 5, 6]],
    ['nothing given', '', [1, 2, 3, 4, 5, 6]],
  ])('take %s', async (_, filters, expected) => {
    expect(await found(filters)).toEqual(expected);
  });

  it('reach a column whose name begins with a dollar by a second one', async () => {
    expect(await fault({ filters: { $$ціна: 1 } })).toEqual({ filters: ['Unknown field: $ціна'] });
  });

  const deep = (levels: number): unknown => (levels === 0 ? { місць: 1 } : { $or: [deep(levels - 1)] });
  it.each<[string, unknown, string]>([
    ['a number', 5, 'Filters must be defined as a dict or a list of dicts'],
    ['a list of values', [1, 2], 'Filters must be defined as a dict or a list of dicts'],
    ['$or without a list', { $or: { місць: 1 } }, 'Filters must be defined as a dict or a list of dicts'],
    ['broken JSON', '{"a":', 'Cannot parse JSON'],
    ['an unknown column', { немає: 1 }, 'Unknown field: немає'],
    ['an unknown operator', { місць: { like: 'x' } }, 'Unknown operator: like'],
    ['eleven levels', deep(11), 'Maximum nesting depth for filter operations reached'],
    [
      'a hundred and one operations',
      { $or: Array.from({ length: 101 }, (__, n) => ({ місць: n })) },
      'Maximum number of filter operations exceeded',
    ],
    ['a word for a number', { місць: 'багато' }, 'Invalid value for field: місць'],
    ['a dict for a value', { місць: { eq: { a: 1 } } }, 'Invalid value for field: місць'],
    ['a date that is none', { відкрито: 'вчора' }, 'Invalid value for field: відкрито'],
    ['a comparison of lists', { гуртки: { gt: 'a' } }, 'Field can not be compared: гуртки'],
  ])('refuse %s', async (_, filters, message) => {
    expect(await fault({ filters })).toEqual({ filters: [message] });
  });

  it('say so when a day is in no calendar, instead of failing', async () => {
    expect(Object.keys((await fault({ filters: { відкрито: '2026-02-31' } }))!)).toEqual(['filters']);
    expect(await found({ місць: '1e999' })).toEqual([]);
  });

  it('take hostile names and values for what they are', async () => {
    expect(await found({ Назва: "'; drop table ds_schools; --" })).toEqual([]);
    expect(await fault({ filters: { '"; drop table x; --': 1 } })).toEqual({
      filters: ['Unknown field: "; drop table x; --'],
    });
    expect(await ids({ q: "'; drop table ds_schools" })).toEqual([]);
    expect((await found({})).length).toBe(6);
  });
});

describe('q', () => {
  it('finds rows with every word, a Ukrainian one in any of its forms', async () => {
    expect(await ids({ q: 'школа' })).toEqual(expect.arrayContaining([1, 4]));
    expect(await ids({ q: 'школи вулиця' })).toEqual([1]);
    expect(await ids({ q: 'робоча' })).toEqual([1]);
    expect(await ids({ q: 'садки' })).toEqual([5]);
    expect(await ids({ q: "об'єднання" })).toEqual([2]);
    expect(await ids({ q: 'школа, якої нема' })).toEqual([]);
  });

  it('takes words of other alphabets and numbers as they are', async () => {
    expect(await ids({ q: 'book' })).toEqual([6]);
    expect(await ids({ q: 'boo' })).toEqual([]);
    expect(await ids({ q: '1' })).toEqual([1]);
  });

  it('ranks: the best first, unless an order is asked for', async () => {
    const answer = await ask({ q: 'школа', fields: ['_id', 'rank'] });
    const rows = JSON.parse(answer.records) as { _id: number; rank: number }[];
    expect(rows.every((row, n) => row.rank > 0 && (n === 0 || row.rank <= rows[n - 1]!.rank))).toBe(true);
    expect(answer.fields).toEqual([
      { id: '_id', type: 'int' },
      { id: 'rank', type: 'float' },
    ]);
    expect(await ids({ q: 'школа', sort: ['_id desc'] })).toEqual([4, 1]);
    expect((await ask({ q: 'школа' })).fields.at(-1)).toEqual({ id: 'rank', type: 'float' });
  });

  it('asks columns one by one, each with a rank of its own', async () => {
    expect(await ids({ q: { Назва: 'школа', місць: '850' } })).toEqual([1]);
    expect((await ask({ q: { Назва: 'школа' } })).fields.at(-1)).toEqual({ id: 'rank Назва', type: 'float' });
    expect(await fault({ q: { немає: 'x' } })).toEqual({ q: ['invalid value "немає"'] });
  });

  it('is a query of text search when it is not plain', async () => {
    expect(await ids({ q: 'школа & !мистецтв', plain: false })).toEqual([1]);
    expect(await ids({ q: 'дитячий <-> садок', plain: false })).toEqual([5]);
    expect(await ids({ q: 'гімн:*', plain: false })).toEqual([3]);
    expect(Object.keys((await fault({ q: 'школа &', plain: false }))!)).toEqual(['q']);
  });

  it('narrows together with full_text and filters', async () => {
    expect(await ids({ q: 'школа', full_text: 'мистецтва', filters: { діє: null } })).toEqual([4]);
  });

  it('may ask for columns that exist only', async () => {
    expect(await fault({ fields: ['Назва', 'немає'] })).toEqual({ fields: ['invalid value "немає"'] });
  });
});
