// Keeps: no published group of quasi values is smaller than k, and the counts add up (open-data.md 8).
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SchemaColumn } from '../checks/table-schema.ts';
import { quoted } from '../loading/sql.ts';
import { openStageDb, type StageDb } from '../loading/stage-db.ts';
import { loadFolder } from '../loading/testing.ts';
import { anonymise, others } from './k-anonymity.ts';

const folder = loadFolder();
let db: StageDb;
beforeAll(async () => {
  db = await openStageDb(folder);
});
afterAll(() => db.close());

const column = (id: string, type: SchemaColumn['type'] = 'text'): SchemaColumn => ({
  id,
  title: null,
  type,
  required: false,
  role: null,
});
const columns = [column('district'), column('kind'), column('day', 'date'), column('sum', 'integer')];
type Cells = readonly (string | null)[];

async function published(
  rows: readonly Cells[],
  quasi: readonly string[],
  k: number,
  small: 'suppress' | 'merge',
) {
  const rowsPath = join(folder, 'rows.ndjson');
  const to = join(folder, 'live.parquet');
  writeFileSync(
    rowsPath,
    rows
      .map((cells) => `${JSON.stringify(Object.fromEntries(cells.map((cell, n) => [`c${n}`, cell])))}\n`)
      .join(''),
  );
  const counts = await anonymise(db, { rowsPath, to, columns, key: [], kAnonymity: { quasi, k, small } });
  const found = await db.rows(`select * from read_parquet(${quoted(to)})`);
  return { counts, rows: found as unknown as Record<string, string | null>[] };
}

const row = fc.tuple(
  fc.constantFrom('а', 'б', 'в', null),
  fc.constantFrom('тепло', 'вода', 'дороги', others),
  fc.constantFrom('2026-11-01', '2026-11-02', null),
  fc.integer({ min: 0, max: 9 }).map(String),
);

describe.each(['suppress', 'merge'] as const)('groups smaller than k, when they are to %s', (small) => {
  it('are never published, whatever the rows; rows published and left out are the rows read', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(row, { maxLength: 60 }),
        fc.integer({ min: 2, max: 7 }),
        fc.subarray(['district', 'kind', 'day'], { minLength: 1 }),
        async (rows, k, quasi) => {
          const { counts, rows: shown } = await published(rows, quasi, k, small);
          const sizes = Map.groupBy(shown, (one) => JSON.stringify(quasi.map((id) => one[id])));
          for (const group of sizes.values()) expect(group.length).toBeGreaterThanOrEqual(k);
          expect(counts.read).toBe(rows.length);
          expect(counts.published).toBe(shown.length);
          expect(counts.published + counts.suppressed).toBe(counts.read);
          // Nothing is invented: each published sum stood in as many rows at least.
          for (const [sum, same] of Map.groupBy(shown, (one) => one.sum))
            expect(same.length).toBeLessThanOrEqual(rows.filter((cells) => cells[3] === sum).length);
        },
      ),
      { numRuns: 25 },
    );
  });
});

describe('a merge', () => {
  const rows: Cells[] = [
    ...Array.from({ length: 3 }, (): Cells => ['а', 'тепло', null, '1']),
    ['а', 'вода', null, '2'],
    ['а', 'дороги', null, '3'],
    ['а', 'ліфти', null, '4'],
    ['б', 'вода', null, '5'],
  ];

  it('keeps the coarser value as long as it can: only the finest goes first', async () => {
    const { counts, rows: shown } = await published(rows, ['district', 'kind'], 3, 'merge');
    expect(counts).toEqual({ read: 7, published: 6, suppressed: 1, merged: 3 });
    expect(shown.map(({ district, kind }) => `${district} ${kind}`).sort()).toEqual(
      [...Array(3).fill('а тепло'), ...Array(3).fill(`а ${others}`)].sort(),
    );
  });

  it('leaves out and counts what stays too few even together', async () => {
    const { counts, rows: shown } = await published(rows.slice(3), ['district', 'kind'], 5, 'merge');
    expect(shown).toEqual([]);
    expect(counts).toMatchObject({ read: 4, published: 0, suppressed: 4 });
  });
});

it('the order of what is published says nothing of the order of the rows', async () => {
  const rows: Cells[] = ['3', '1', '2'].map((sum) => ['а', 'тепло', null, sum]);
  const one = await published(rows, ['district'], 2, 'suppress');
  const other = await published(rows.toReversed(), ['district'], 2, 'suppress');
  expect(one.rows.map(({ sum }) => sum)).toEqual(['1', '2', '3']);
  expect(other.rows).toEqual(one.rows);
});
