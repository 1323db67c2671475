// Keeps: the difference of two versions is that of a brute-force model, and the same bytes every time (open-data.md 4.6, 12).
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { testPlatform } from '#platform/database/testing.ts';
import type { Field } from '../datastore/table.ts';
import { changesOf, compare, diffCsv, type RowChange } from './diff.ts';
import type { Source } from './source.ts';
import { madeSource } from './testing.ts';

const platform = await testPlatform();
const text = (id: string): Field => ({ id, type: 'text' });
const all = { limit: 1_000, offset: 0 };

async function difference(before: Source, after: Source, key: readonly string[] | null = null) {
  const found = await compare(platform, before, after, { asked: key, usual: [] });
  return { ...found, changes: await changesOf(platform, found, before, after, all) };
}

type Row = (string | null)[];

/** What a person would do with two lists and a pencil. */
function model(before: readonly Row[], after: readonly Row[], key: boolean): string[] {
  const found: string[] = [];
  if (key) {
    const old = new Map(before.map((row, n) => [row[0], { row, id: n + 1 }]));
    const now = new Map(after.map((row, n) => [row[0], { row, id: n + 1 }]));
    for (const { row, id } of now.values()) if (!old.has(row[0]!)) found.push(`added ${id}`);
    for (const { row, id } of now.values()) {
      const was = old.get(row[0]!);
      if (was && JSON.stringify(was.row) !== JSON.stringify(row)) found.push(`changed ${was.id}→${id}`);
    }
    for (const { row, id } of old.values()) if (!now.has(row[0]!)) found.push(`removed ${id}`);
    return found;
  }
  const surplus = (from: readonly Row[], other: readonly Row[]) => {
    const left = new Map<string, number>();
    for (const row of other) left.set(JSON.stringify(row), (left.get(JSON.stringify(row)) ?? 0) + 1);
    return from.flatMap((row, n) => {
      const name = JSON.stringify(row);
      const count = left.get(name) ?? 0;
      left.set(name, count - 1);
      return count > 0 ? [] : [n + 1];
    });
  };
  return [
    ...surplus(after, before).map((id) => `added ${id}`),
    ...surplus(before, after).map((id) => `removed ${id}`),
  ];
}

const said = (changes: readonly RowChange[]) =>
  changes.map((change) =>
    change.change === 'changed'
      ? `changed ${change.before_id}→${change._id}`
      : `${change.change} ${change._id}`,
  );

const cell = fc.option(fc.constantFrom('a', 'b', '', 'v', 'n', '\u001f', '\u001fv', 'ї', '"', ','), {
  nil: null,
});

describe('the difference of two versions', () => {
  it('is that of a model: by a key rows come, change and go; without one each as often as it is there', async () => {
    const rows = fc.array(fc.tuple(fc.constantFrom('1', '2', '3', '4', '5', '6'), cell, cell), {
      maxLength: 8,
    });
    await fc.assert(
      fc.asyncProperty(rows, rows, fc.boolean(), async (one, two, byKey) => {
        const unique = (given: readonly Row[]) =>
          byKey ? [...new Map(given.map((row) => [row[0], row])).values()] : [...given];
        const [before, after] = [unique(one), unique(two)];
        const fields = [text('k'), text('x'), text('y')];
        const found = await difference(
          await madeSource(platform, fields, before),
          await madeSource(platform, fields, after),
          byKey ? ['k'] : [],
        );
        const expected = model(before, after, byKey);
        expect(said(found.changes)).toEqual(expected);
        const count = (word: string) => expected.filter((one) => one.startsWith(word)).length;
        expect(found.counts).toEqual({
          added: count('added'),
          changed: count('changed'),
          removed: count('removed'),
          same: after.length - count('added') - count('changed'),
        });
        for (const change of found.changes)
          if (change.change === 'changed')
            for (const one of change.cells) {
              const at = ['k', 'x', 'y'].indexOf(one.column);
              expect(one).toMatchObject({
                before: before[change.before_id - 1]![at],
                after: after[change._id - 1]![at],
              });
            }
      }),
      { numRuns: 25 },
    );
  });

  it('shows each cell before and after, with the key of its row', async () => {
    const fields: Field[] = [text('код'), { id: 'сума', type: 'numeric' }, text('назва')];
    const before = await madeSource(platform, fields, [
      ['а', '1.50', 'Парк'],
      ['б', '2', 'Сад'],
    ]);
    const after = await madeSource(platform, fields, [
      ['в', '3', 'Ліс'],
      ['а', '1.75', 'Парк'],
    ]);
    expect((await difference(before, after, ['код'])).changes).toEqual([
      { change: 'added', _id: 1, row: { код: 'в', сума: 3, назва: 'Ліс' } },
      {
        change: 'changed',
        _id: 2,
        before_id: 1,
        key: { код: 'а' },
        cells: [{ column: 'сума', before: 1.5, after: 1.75 }],
      },
      { change: 'removed', _id: 2, row: { код: 'б', сума: 2, назва: 'Сад' } },
    ]);
  });

  it('tells of columns apart from rows: one that came, went or holds another type changes no row by itself', async () => {
    const before = await madeSource(
      platform,
      [text('k'), { id: 'n', type: 'int8' }, text('old')],
      [['a', '5', 'x']],
    );
    const after = await madeSource(platform, [text('k'), text('n'), text('new')], [['a', '5', 'y']]);
    const found = await difference(before, after, ['k']);
    expect(found.columns).toEqual({
      added: [{ id: 'new', type: 'text' }],
      removed: [{ id: 'old', type: 'text' }],
      retyped: [{ id: 'n', before: 'int8', after: 'text' }],
    });
    expect(found.changes).toEqual([]);
    expect(found.counts).toEqual({ added: 0, changed: 0, removed: 0, same: 1 });
  });

  it('takes the usual key only where it tells all rows apart, and refuses a wished one that does not', async () => {
    const twice = await madeSource(platform, [text('k')], [['a'], ['a']]);
    const once = await madeSource(platform, [text('k')], [['a']]);
    expect((await compare(platform, twice, once, { asked: null, usual: ['k'] })).key).toEqual([]);
    expect((await compare(platform, once, once, { asked: null, usual: ['k'] })).key).toEqual(['k']);
    await expect(compare(platform, twice, once, { asked: ['k'], usual: [] })).rejects.toThrow(/same values/);
    await expect(compare(platform, twice, once, { asked: ['z'], usual: [] })).rejects.toThrow(
      /Unknown field/,
    );
  });

  it('has the same bytes every time as CSV, a line for each cell', async () => {
    const fields = [text('k'), text('a, b')];
    const before = await madeSource(platform, fields, [
      ['1', 'x'],
      ['2', null],
    ]);
    const after = await madeSource(platform, fields, [
      ['1', 'y "z"'],
      ['3', null],
    ]);
    const csv = async () => {
      const found = await compare(platform, before, after, { asked: ['k'], usual: [] });
      const parts: Buffer[] = [];
      for await (const part of diffCsv(platform, found, before, after)) parts.push(part);
      return Buffer.concat(parts).toString();
    };
    const first = await csv();
    expect(first).toBe(
      'change,before_id,after_id,k,column,before,after\r\n' +
        'added,,2,3,k,,3\n' +
        'changed,1,1,1,"a, b",x,"y ""z"""\n' +
        'removed,2,,2,k,2,\n',
    );
    expect(await csv()).toBe(first);
  });

  it('comes by pages that together are the whole', async () => {
    const before = await madeSource(platform, [text('k')], []);
    const after = await madeSource(
      platform,
      [text('k')],
      Array.from({ length: 25 }, (_, n) => [String(n)]),
    );
    const found = await compare(platform, before, after, { asked: ['k'], usual: [] });
    const pages: RowChange[] = [];
    for (let offset = 0; offset < 25; offset += 10)
      pages.push(...(await changesOf(platform, found, before, after, { limit: 10, offset })));
    expect(pages).toEqual(await changesOf(platform, found, before, after, all));
    expect(pages).toHaveLength(25);
  });
});
