import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { conversionOf, type Dictionary } from './conversion.ts';
import { ColumnProfile } from './shapes.ts';
import { quoted } from './sql.ts';
import { openStageDb, type StageDb } from './stage-db.ts';
import { loadFolder } from './testing.ts';
import { type ColumnFixes, planColumn } from './types.ts';

let db: StageDb;
beforeAll(async () => {
  db = await openStageDb(loadFolder());
});
afterAll(() => db.close());

/** Type and values of a column of cells: `!` is a cell that does not fit, null no value. */
async function typed(
  cells: readonly string[],
  header = 'x',
  fixes: ColumnFixes = {},
  words: Dictionary = {},
) {
  const profile = new ColumnProfile();
  for (const cell of cells) {
    const bytes = Buffer.from(cell);
    profile.add(bytes, 0, bytes.length);
  }
  const plan = planColumn(profile, header, fixes);
  const { bare, value, typed, duckType, mayFail } = conversionOf('c0', plan, profile, words);
  const rows = cells.map((cell, n) => `(${n}, ${cell === '' ? 'null' : quoted(cell)})`).join(', ');
  const found = await db.rows(
    `select ${bare} as bare, ${value} as value, cast(${typed} as ${duckType}) is null as nothing
     from (values ${rows}) t(n, c0) order by n`,
  );
  const values = found.map((row) => (row.value ?? (row.bare === null ? null : '!')) as string | null);
  for (const [n, row] of found.entries()) expect(row.nothing, cells[n]).toBe(row.value === null);
  if (!mayFail) expect(values).not.toContain('!');
  return { type: plan.type, question: plan.question, values, nulls: Object.fromEntries(profile.nulls) };
}

describe('numbers', () => {
  it('are whole where every cell is, in any dress', async () => {
    expect(await typed(['1', '-2', '30', ''])).toMatchObject({
      type: 'integer',
      values: ['1', '-2', '30', null],
    });
    expect(
      await typed(['1 234', '1\u00a0234\u00a0567', '12\u202f345', '−5', '5-', '(5)', '+7']),
    ).toMatchObject({
      type: 'integer',
      values: ['1234', '1234567', '12345', '-5', '-5', '-5', '7'],
    });
  });
  it('have the decimal mark of their column', async () => {
    expect(await typed(['1 234,50', '0,5', '-3,25', '7'])).toMatchObject({
      type: 'numeric',
      values: ['1234.50', '0.5', '-3.25', '7'],
    });
    expect(await typed(['1 234.5', '48.464', '1,234.5'])).toMatchObject({
      type: 'numeric',
      values: ['1234.5', '48.464', '1234.5'],
    });
    expect(await typed(['1.234,5', '2.000', '3,1'])).toMatchObject({
      type: 'numeric',
      values: ['1234.5', '2000', '3.1'],
    });
    expect(await typed(['1,5', '2.5'])).toMatchObject({ type: 'numeric', values: ['1.5', '2.5'] });
  });
  it('whose mark cannot be told are asked about, and are text until then', async () => {
    expect(await typed(['1,234', '5,678', '12'])).toMatchObject({ type: 'text', question: 'decimal-mark' });
    expect(await typed(['1,234', '5'], 'x', { type: 'numeric', mark: ',' })).toMatchObject({
      values: ['1.234', '5'],
    });
    expect(await typed(['1,234', '5'], 'x', { type: 'integer', mark: '.' })).toMatchObject({
      values: ['1234', '5'],
    });
    expect(await typed(['1,234', '0,5'])).toMatchObject({
      type: 'numeric',
      question: null,
      values: ['1.234', '0.5'],
    });
  });
  it('stay text with leading zeros, from 16 digits on, and in columns of identifiers', async () => {
    for (const cells of [
      ['007', '12'],
      ['1234567890123456', '1'],
      ['00123456', '12345678'],
    ])
      expect(await typed(cells)).toMatchObject({ type: 'text', values: cells });
    for (const header of [
      'Код ЄДРПОУ',
      'edrpou',
      'КАТОТТГ',
      'Телефон',
      'addressPostCode',
      'Кадастровий номер',
    ])
      expect(await typed(['12345678'], header)).toMatchObject({ type: 'text' });
    expect(await typed(['5'], 'Кодування')).toMatchObject({ type: 'integer' });
  });
  it('are judged by every cell, not by a sample', async () => {
    const cells = [...Array.from({ length: 5_000 }, (_, n) => String(n)), 'немає'];
    expect(await typed(cells)).toMatchObject({ type: 'text' });
  });
  it('that do not fit a declared type are errors, never silent nulls', async () => {
    expect(await typed(['5', 'багато', '1,5', '12 34', '-'], 'x', { type: 'integer' })).toMatchObject({
      values: ['5', '!', '!', '!', null],
    });
    expect(await typed(['5,5', 'x', '007', '1.5'], 'x', { type: 'numeric', mark: ',' })).toMatchObject({
      values: ['5.5', '!', '7', '!'],
    });
  });
  it('keep all their digits', async () => {
    expect(await typed(['123456789012345.123456789', '0.1'])).toMatchObject({
      type: 'numeric',
      values: ['123456789012345.123456789', '0.1'],
    });
  });
});

describe('dates', () => {
  it('are read in every usual form', async () => {
    expect(
      await typed([
        '2024-03-12',
        '12.03.2024',
        '1.3.2024',
        '12/03/2024',
        '12 березня 2024 р.',
        '5 Травня 2024 року',
      ]),
    ).toMatchObject({
      type: 'date',
      values: ['2024-03-12', '2024-03-12', '2024-03-01', '2024-03-12', '2024-03-12', '2024-05-05'],
    });
  });
  it('with times are moments; a Cyrillic Т is a T', async () => {
    expect(
      await typed([
        '2024-03-12T10:20:30',
        '2024-03-12Т10:20',
        '12.03.2024 9:05',
        '12/03/2024 09:05:01',
        '13.03.2024',
      ]),
    ).toMatchObject({
      type: 'timestamp',
      values: [
        '2024-03-12 10:20:30',
        '2024-03-12 10:20:00',
        '2024-03-12 09:05:00',
        '2024-03-12 09:05:01',
        '2024-03-13 00:00:00',
      ],
    });
  });
  it('with an offset become Kyiv time, summer and winter', async () => {
    expect(
      await typed(['2024-07-01T00:00:00Z', '2024-01-01T00:00:00Z', '2024-01-01T12:00:00+0100']),
    ).toMatchObject({
      type: 'timestamp',
      values: ['2024-07-01 03:00:00', '2024-01-01 02:00:00', '2024-01-01 13:00:00'],
    });
  });
  it('have the month first only where the column proves it', async () => {
    expect(await typed(['03/04/2024', '12/31/2024'])).toMatchObject({
      type: 'date',
      values: ['2024-03-04', '2024-12-31'],
    });
    expect(await typed(['03/04/2024', '31/12/2024'])).toMatchObject({ values: ['2024-04-03', '2024-12-31'] });
    expect(await typed(['03/04/2024'])).toMatchObject({ values: ['2024-04-03'] });
    expect(await typed(['12/31/2024', '31/12/2024'])).toMatchObject({ type: 'text', question: 'date-order' });
  });
  it('that no calendar has are errors of their cells, and the column stays a column of dates', async () => {
    expect(await typed(['28.02.2024', '31.02.2024', '01.03.2024', '2023-02-29'])).toMatchObject({
      type: 'date',
      values: ['2024-02-28', '!', '2024-03-01', '!'],
    });
  });
});

describe('words', () => {
  it('for yes and no are booleans; 1 and 0, + and - only where that is declared', async () => {
    expect(await typed(['так', 'Ні', 'TRUE', 'false', ''])).toMatchObject({
      type: 'boolean',
      values: ['true', 'false', 'true', 'false', null],
    });
    expect(await typed(['1', '0'])).toMatchObject({ type: 'integer' });
    expect(await typed(['1', '0', '+', '-', 'може'], 'x', { type: 'boolean' })).toMatchObject({
      values: ['true', 'false', 'true', 'false', '!'],
    });
  });
  it('for nothing are null, and counted in each column', async () => {
    expect(await typed(['1', 'null', 'NULL', '-', '—', 'н/д', '#N/A', ' '])).toMatchObject({
      type: 'integer',
      values: ['1', null, null, null, null, null, null, null],
      nulls: { null: 1, NULL: 1, '-': 1, '—': 1, 'н/д': 1, '#N/A': 1 },
    });
    expect(await typed(['+', '-', '+'])).toMatchObject({ type: 'text', values: ['+', '-', '+'] });
    expect(await typed(['5', 'нема'], 'x', { type: 'integer', nulls: ['нема'] })).toMatchObject({
      values: ['5', null],
    });
  });
  it('may be replaced by a dictionary of the publisher', async () => {
    expect(await typed(['5', 'пʼять'], 'x', { type: 'integer' }, { пʼять: '5' })).toMatchObject({
      values: ['5', '5'],
    });
  });
  it('lose white space around, NBSP and thin spaces too', async () => {
    expect(await typed([' парк ', '\u00a0сквер\u202f', 'сад\u2028'])).toMatchObject({
      values: ['парк', 'сквер', 'сад'],
    });
  });
  it('that are errors of formulas are errors of their cells', async () => {
    expect(await typed(['1', '#REF!', '2'])).toMatchObject({ type: 'integer', values: ['1', '!', '2'] });
  });
  it('in lists are apart', async () => {
    expect(await typed(['яма; вода', 'світло'], 'x', { type: 'list' })).toMatchObject({
      values: ['["яма","вода"]', '["світло"]'],
    });
  });
});
