import { describe, expect, it } from 'vitest';
import type { Encoding } from './encoding.ts';
import { openStageDb, stageRows } from './stage-db.ts';
import { encode, inPiecesOf, loadFolder, madeTable, stagedCells, type Writing, written } from './testing.ts';
import { readTextTable, type TextFixes } from './text-table.ts';

const folder = loadFolder();

async function read(bytes: Buffer | string, fixes?: TextFixes, size?: number) {
  const table = await readTextTable(inPiecesOf(Buffer.from(bytes), size), folder, fixes);
  return { ...table, ...(await stagedCells(table, folder)) };
}

const hard: Writing[] = [
  { delimiter: ',', quote: '"', lineEnd: '\n' },
  { delimiter: ';', quote: '"', lineEnd: '\r\n' },
  { delimiter: '\t', quote: '"', lineEnd: '\r' },
  { delimiter: '|', quote: '"', lineEnd: 'mixed' },
  { delimiter: ';', quote: "'", lineEnd: '\n' },
  { delimiter: ',', quote: '"', escape: 'backslash', lineEnd: '\r\n' },
  { delimiter: '||', quote: '"', lineEnd: '\n' },
  { delimiter: '~|~', quote: '"', lineEnd: 'mixed' },
  { delimiter: ';', quote: '"', lineEnd: '\r\n', sep: true },
  { delimiter: ',', quote: '"', lineEnd: '\n', spaceAfter: true },
  { delimiter: ';', quote: '"', lineEnd: '\n', trailing: true },
  { delimiter: ';', quote: '"', lineEnd: '\n', above: ['Звіт про звернення', '', 'за 2025 рік', ''] },
];
const easy: Writing[] = [
  { delimiter: ':', quote: null, lineEnd: '\n' },
  { delimiter: ';', quote: null, lineEnd: 'mixed' },
  { delimiter: '\t', quote: null, lineEnd: '\r\n', above: ['Реєстр', 'станом на 01.01.2026'] },
];
const encodings: Encoding[] = ['utf-8', 'windows-1251', 'koi8-u', 'utf-16le'];

type Made = ReturnType<typeof madeTable>;
/** What is wrong with files: each writes a table down with it, and leaves the truth in the table. */
const defects: Readonly<Record<string, (table: Made, how: Writing) => string>> = {
  'nothing wrong': written,
  'short rows': (table, how) => {
    for (const row of table.rows.filter((_, n) => n % 7 === 3)) row[5] = '';
    const rows = table.rows.map((row, n) => (n % 7 === 3 ? row.slice(0, 5) : row));
    return written({ ...table, rows }, how);
  },
  'empty cells too many': (table, how) =>
    written({ ...table, rows: table.rows.map((row, n) => (n % 9 === 4 ? [...row, '', ''] : row)) }, how),
  'blank rows, and NULs in words': (table, how) => {
    const rows = table.rows.flatMap((row, n) => (n % 6 === 2 ? [row, row.map(() => '')] : [row]));
    return written({ ...table, rows }, how).replaceAll('вул', 'ву\0л');
  },
};

describe('a delimited text', () => {
  for (const [n, how] of [...hard, ...easy].entries())
    it(`is read cell by cell: ${JSON.stringify(how)}`, async () => {
      const table = madeTable(n, 200, n < hard.length);
      const encoding = encodings[n % encodings.length]!;
      const got = await read(encode(written(table, how), encoding), {}, 977);
      const headers = how.trailing ? [...table.headers] : table.headers;
      expect(got.headers.slice(0, headers.length)).toEqual(headers);
      expect(got.cells.map((cells) => cells.slice(0, 6).map((cell) => cell.trimStart()))).toEqual(table.rows);
      expect(got.source).toMatchObject({ encoding, headerRows: 1 });
    });

  it('of any encoding and dialect, with any defect, loses no row, and ninety-nine cells of a hundred at least are as they were', async () => {
    const db = await openStageDb(folder);
    const wrong: string[] = [];
    const [all, right] = [{ cells: 0 }, { cells: 0 }];
    for (const [n, how] of [...hard, ...easy].entries())
      for (const encoding of [...encodings, 'utf-16be'] as const)
        for (const [name, spoil] of Object.entries(defects)) {
          const table = madeTable(n + 20, 24, n < hard.length);
          const text = spoil(table, how);
          const read = await readTextTable(inPiecesOf(encode(text, encoding), 977), folder);
          await stageRows(db, read.staged, read.headers.length);
          const got = await db.rows('select * from raw order by row');
          await db.run('drop table raw');
          if (got.length !== table.rows.length)
            wrong.push(`${got.length} rows: ${name} ${encoding} ${JSON.stringify(how)}`);
          for (const [at, row] of table.rows.entries())
            for (const [column, cell] of row.entries()) {
              all.cells += 1;
              if (String(got[at]?.[`c${column}`] ?? '').trimStart() === cell) right.cells += 1;
            }
        }
    db.close();
    expect(wrong).toEqual([]);
    expect(right.cells / all.cells).toBeGreaterThanOrEqual(0.99);
  });

  it('may have one column only', async () => {
    expect(await read('Назва\nпарк\nсквер, малий\n')).toMatchObject({
      headers: ['Назва'],
      cells: [['парк'], ['сквер, малий']],
    });
  });

  it('with no header gets none, and its first row is data', async () => {
    const got = await read('1;Соборна;12,5\n2;Гоголя;3\n');
    expect(got).toMatchObject({
      headers: ['', '', ''],
      cells: [
        ['1', 'Соборна', '12,5'],
        ['2', 'Гоголя', '3'],
      ],
    });
  });

  it('may have a header of two or three rows and a row of numbers below; groups are joined by a slash', async () => {
    const two = await read(
      'Адреса;;Площа;\nвулиця;будинок;загальна;житлова\n1;2;3;4\nСоборна;1;50;30\nГоголя;2;60;40\n',
    );
    expect(two.headers).toEqual([
      'Адреса / вулиця',
      'Адреса / будинок',
      'Площа / загальна',
      'Площа / житлова',
    ]);
    expect(two.cells).toEqual([
      ['Соборна', '1', '50', '30'],
      ['Гоголя', '2', '60', '40'],
    ]);
    const three = await read('Об’єкт;Показники;;\n;план;факт;\n;грн;грн;%\nшкола;1;2;3\nсадок;4;5;6\n');
    expect(three.headers).toEqual([
      'Об’єкт',
      'Показники / план / грн',
      'Показники / факт / грн',
      'Показники / факт / %',
    ]);
  });

  it('with a quote nobody closes loses no row: the line is reported and the next is read as usual', async () => {
    const got = await read('n;назва;сума\n1;"кафе;10\n2;"бар ""Х""";20\n3;магазин;30\n');
    expect(got.cells).toEqual([
      ['1', '"кафе', '10'],
      ['2', 'бар "Х"', '20'],
      ['3', 'магазин', '30'],
    ]);
    expect(got.notices).toContainEqual({ code: 'unclosed-quote', count: 1, lines: [2] });
    const atEnd = await read(`n;назва\n1;"кафе\n${'2;бар\n'.repeat(3)}`);
    expect(atEnd.cells).toEqual([
      ['1', '"кафе'],
      ['2', 'бар'],
      ['2', 'бар'],
      ['2', 'бар'],
    ]);
  });

  it('may have quotes in quotes that were not doubled', async () => {
    const got = await read('n;назва\n1;"ТОВ "Ромашка""\n2;"КП "Вода" міста"\n');
    expect(got.cells).toEqual([
      ['1', 'ТОВ "Ромашка"'],
      ['2', 'КП "Вода" міста'],
    ]);
  });

  it('pads short rows, drops empty extras and refuses longer rows with their cells kept', async () => {
    const got = await read('a;b;c\n1;2\n3;4;5;;\n6;7;8;9\n10;11;12\n');
    expect(got.cells).toEqual([
      ['1', '2', ''],
      ['3', '4', '5'],
      ['10', '11', '12'],
    ]);
    expect(got.staged).toMatchObject({ rows: 4, refused: 1 });
    expect(got.notices.map(({ code }) => code)).toEqual([
      'short-rows',
      'extra-empty-cells',
      'long-rows-refused',
    ]);
  });

  it('leaves out blank rows, and each row knows its line of the file', async () => {
    const got = await read('назва;n\n\nа;1\n;\n"б\nв";2\nг;3\n');
    expect(got.cells).toEqual([
      ['а', '1'],
      ['б\nв', '2'],
      ['г', '3'],
    ]);
    expect(got.lines).toEqual([3, 5, 7]);
  });

  it('is read as the publisher says where that was said', async () => {
    const got = await read('примітка;вгорі\nназва;n\nа;1\n', { skipRows: 1, headerRows: 1 });
    expect(got).toMatchObject({ headers: ['назва', 'n'], cells: [['а', '1']], preamble: ['примітка вгорі'] });
  });

  it('of nothing but spaces is empty, and that is said', async () => {
    await expect(read(' \r\n\r\n  ')).rejects.toMatchObject({ kind: 'empty' });
  });
});
