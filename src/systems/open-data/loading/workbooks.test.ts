import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { type FileOptions, readFileTable } from './read-file.ts';
import { loadFolder, stagedCells, xlsxOf, zipOf } from './testing.ts';

const folder = loadFolder();

async function read(bytes: Buffer | string, options?: FileOptions) {
  const path = join(folder, 'file');
  writeFileSync(path, bytes);
  const table = await readFileTable(path, folder, options);
  return { ...table, ...(await stagedCells(table, folder)) };
}
const text = (reference: string, value: string) =>
  `<c r="${reference}" t="inlineStr"><is><t>${value}</t></is></c>`;
const number = (reference: string, value: string | number, style = 0) =>
  `<c r="${reference}" s="${style}"><v>${value}</v></c>`;
const row = (n: number, ...cells: string[]) => `<row r="${n}">${cells.join('')}</row>`;
const header = row(1, text('A1', 'Назва'), text('B1', 'Число'));

describe('an XLSX workbook', () => {
  it('has shared, rich and inline strings, numbers, truth, and cached values of formulas', async () => {
    const got = await read(
      xlsxOf(
        [
          {
            name: 'Дані',
            rows:
              row(1, '<c r="A1" t="s"><v>0</v></c>', text('B1', 'Сума'), text('C1', 'Є'), text('D1', 'Код')) +
              row(
                2,
                '<c r="A2" t="s"><v>1</v></c>',
                number('B2', '0.30000000000000004'),
                '<c r="C2" t="b"><v>1</v></c>',
                text('D2', '007'),
              ) +
              row(
                3,
                '<c r="A3" t="str"><f>A2</f><v>кафе &lt;Мрія&gt; &#171;ї&#187;</v></c>',
                '<c r="B3"><f>1+1</f><v>2</v></c>',
                '<c r="C3" t="b"><v>0</v></c>',
                number('D3', '1E-3'),
              ),
          },
        ],
        {
          strings: [
            '<t>Назва</t>',
            '<r><t>па</t></r><r><rPr/><t xml:space="preserve">рк </t></r><rPh><t>х</t></rPh>',
          ],
        },
      ),
    );
    expect(got.headers).toEqual(['Назва', 'Сума', 'Є', 'Код']);
    expect(got.cells).toEqual([
      ['парк ', '0.3', 'true', '007'],
      ['кафе <Мрія> «ї»', '2', 'false', '0.001'],
    ]);
    expect(got.source).toMatchObject({ format: 'xlsx', sheet: 'Дані' });
  });

  it('has dates where the style says so, counted from 1900 or 1904', async () => {
    const rows =
      header +
      row(2, number('A2', 45363, 1), number('B2', 45363.5, 2)) +
      row(3, number('A3', 1, 1), number('B3', 0.75, 3)) +
      row(4, number('A4', 45363), number('B4', 45363, 4));
    expect((await read(xlsxOf([{ name: 'a', rows }]))).cells).toEqual([
      ['2024-03-12', '2024-03-12T12:00:00'],
      ['1900-01-01', '18:00:00'],
      ['45363', '45363'],
    ]);
    expect((await read(xlsxOf([{ name: 'a', rows }], { date1904: true }))).cells[0]![0]).toBe('2028-03-13');
  });

  it('with merged cells is filled: titles above are no header, groups are joined by a slash, values stand in every row', async () => {
    const got = await read(
      xlsxOf([
        {
          name: 'a',
          rows:
            row(1, text('A1', 'Звіт про мережі')) +
            row(3, text('A3', 'Район'), text('B3', 'Довжина')) +
            row(4, text('B4', 'план'), text('C4', 'факт')) +
            row(5, text('A5', 'Соборний'), number('B5', 1), number('C5', 2)) +
            row(6, number('B6', 3), number('C6', 4)),
          after:
            '<mergeCells count="4"><mergeCell ref="A1:C1"/><mergeCell ref="A3:A4"/><mergeCell ref="B3:C3"/><mergeCell ref="A5:A6"/></mergeCells>',
        },
      ]),
    );
    expect(got.headers).toEqual(['Район', 'Довжина / план', 'Довжина / факт']);
    expect(got.cells).toEqual([
      ['Соборний', '1', '2'],
      ['Соборний', '3', '4'],
    ]);
    expect(got.lines).toEqual([5, 6]);
    expect(got.preamble).toEqual(['Звіт про мережі']);
  });

  it('gives its first shown sheet that holds something, or the one that is asked for; hidden ones are said', async () => {
    const book = xlsxOf([
      { name: 'Службовий', state: 'hidden', rows: row(1, text('A1', 'x')) + row(2, text('A2', 'y')) },
      { name: 'Порожній', rows: '' },
      { name: 'Перший', rows: header + row(2, text('A2', 'сад'), number('B2', 1)) },
      { name: 'Другий', rows: header + row(2, text('A2', 'парк'), number('B2', 2)) },
    ]);
    const got = await read(book);
    expect(got.cells).toEqual([['сад', '1']]);
    expect(got.notices).toEqual([
      { code: 'hidden-sheets', count: 1, names: ['Службовий'] },
      { code: 'other-sheets', count: 2, names: ['Порожній', 'Другий'] },
    ]);
    expect((await read(book, { sheet: 'Другий' })).cells).toEqual([['парк', '2']]);
    await expect(read(book, { sheet: 'Третій' })).rejects.toMatchObject({
      kind: 'sheet-choose',
      detail: { names: ['Порожній', 'Перший', 'Другий'] },
    });
  });

  it('has no rows where only styles are, and its errors of formulas are read as such', async () => {
    const tail = Array.from({ length: 500 }, (_, n) =>
      row(n + 4, `<c r="A${n + 4}" s="1"/><c r="B${n + 4}" s="1"/>`),
    ).join('');
    const got = await read(
      xlsxOf([
        {
          name: 'a',
          rows:
            header +
            row(2, text('A2', 'а'), '<c r="B2" t="e"><f>1/0</f><v>#DIV/0!</v></c>') +
            row(3, text('A3', 'б'), number('B3', 5)) +
            tail,
        },
      ]),
    );
    expect(got.cells).toEqual([
      ['а', '#DIV/0!'],
      ['б', '5'],
    ]);
  });

  it('may be called a CSV: its content decides', async () => {
    expect(
      (await read(xlsxOf([{ name: 'a', rows: header + row(2, text('A2', 'а'), number('B2', 1)) }]))).source
        .format,
    ).toBe('xlsx');
  });
});

describe('an OpenDocument sheet', () => {
  const ods = (tables: string, styles = '', manifest = '') =>
    zipOf({
      mimetype: 'application/vnd.oasis.opendocument.spreadsheet',
      'META-INF/manifest.xml': `<manifest:manifest>${manifest}</manifest:manifest>`,
      'content.xml': `<?xml version="1.0"?><office:document-content><office:automatic-styles>${styles}</office:automatic-styles><office:body>${tables}</office:body></office:document-content>`,
    });
  const p = (value: string) =>
    `<table:table-cell office:value-type="string"><text:p>${value}</text:p></table:table-cell>`;
  const table = `<table:table table:name="Дані"><table:table-row>${p('Назва')}${p('Сума')}${p('Дата')}</table:table-row>
    <table:table-row><table:table-cell table:number-rows-spanned="2" office:value-type="string"><office:annotation><text:p>нотатка</text:p></office:annotation><text:p>перший</text:p><text:p>дру<text:span>гий</text:span></text:p></table:table-cell><table:table-cell office:value-type="float" office:value="1234.5"><text:p>1 234,50</text:p></table:table-cell><table:table-cell office:value-type="date" office:date-value="2024-03-12T00:00:00"><text:p>12.03.24</text:p></table:table-cell></table:table-row>
    <table:table-row><table:covered-table-cell/><table:table-cell table:number-columns-repeated="2" office:value-type="boolean" office:boolean-value="true"><text:p>ІСТИНА</text:p></table:table-cell></table:table-row>
    <table:table-row table:number-rows-repeated="1048000"><table:table-cell table:number-columns-repeated="16384"/></table:table-row></table:table>`;

  it('has typed values behind what it shows, repeated and merged cells', async () => {
    const got = await read(ods(table));
    expect(got.headers).toEqual(['Назва', 'Сума', 'Дата']);
    expect(got.cells).toEqual([
      ['перший\nдругий', '1234.5', '2024-03-12'],
      ['перший\nдругий', 'true', 'true'],
    ]);
  });

  it('that is hidden is passed over', async () => {
    const hidden = `<style:style style:name="ta1"><style:table-properties table:display="false"/></style:style>`;
    const got = await read(
      ods(
        `<table:table table:name="Тло" table:style-name="ta1"><table:table-row>${p('x')}</table:table-row></table:table>${table}`,
        hidden,
      ),
    );
    expect(got).toMatchObject({
      headers: ['Назва', 'Сума', 'Дата'],
      source: { format: 'ods', sheet: 'Дані' },
    });
    expect(got.notices).toContainEqual({ code: 'hidden-sheets', count: 1, names: ['Тло'] });
  });

  it('with a password is refused in clear words', async () => {
    await expect(read(ods(table, '', '<manifest:encryption-data/>'))).rejects.toMatchObject({
      kind: 'password',
    });
  });
});

describe('an XLS workbook', () => {
  // Made by another program: parks.xls has a hidden sheet, a merged title, dates, truth, a formula, a text over several records.
  const parks = readFileSync(new URL('./parks.xls', import.meta.url));

  it('is read by records: strings, packed numbers, dates by style, merged cells, hidden sheets', async () => {
    const got = await read(parks);
    expect(got.headers).toEqual(['Назва', 'Площа', 'Дата', 'Є', 'Примітка']);
    expect(got.cells).toEqual([
      ['Парк «Шевченка»', '1234.5', '2024-03-12', 'true', ''],
      ['сад', '7', '2024-03-13', 'false', 'довгий '.repeat(400)],
      ['сад', '0.01', '2024-03-14', '', 'латиниця only'],
    ]);
    expect(got).toMatchObject({ source: { format: 'xls', sheet: 'Дані' }, preamble: ['Звіт про парки'] });
    expect(got.notices).toContainEqual({ code: 'hidden-sheets', count: 1, names: ['Службовий'] });
  });

  it('that is cut, or is another file of that kind, is refused in clear words', async () => {
    await expect(read(parks.subarray(0, 3_000))).rejects.toMatchObject({ kind: 'workbook-broken' });
    const sealed = Buffer.from(parks);
    const name = sealed.indexOf(Buffer.from('Workbook', 'utf16le'));
    Buffer.from('EncryptedPackage', 'utf16le').copy(sealed, name);
    sealed.writeUInt16LE(34, name + 64);
    await expect(read(sealed)).rejects.toMatchObject({ kind: 'password' });
  });
});

describe('an HTML table called a workbook', () => {
  it('is read as a table, with its spans filled', async () => {
    const got = await read(
      '<html><head><meta charset="utf-8"></head><body><table><tr><td>меню</td></tr></table><TABLE border=1><tr><th>Район<th>Адреса</th></tr><tr><td rowspan="2">Соборний</td><td>вул.&nbsp;Шевченка,<br>5</td></tr><tr><td>пл.&#160;Героїв &amp; друзів</td></tr></TABLE></body></html>',
    );
    expect(got.headers).toEqual(['Район', 'Адреса']);
    expect(got.cells).toEqual([
      ['Соборний', 'вул. Шевченка,\n5'],
      ['Соборний', 'пл.\u00a0Героїв & друзів'],
    ]);
  });
});

describe('an archive', () => {
  const csv = 'назва;n\nпарк;1\n';

  it('with one table is opened, GZ and ZIP alike', async () => {
    expect((await read(gzipSync(csv))).cells).toEqual([['парк', '1']]);
    const zip = zipOf({ 'папка/дані.csv': csv, 'прочитай.md': 'x', '__MACOSX/._дані.csv': 'x' });
    expect(await read(zip)).toMatchObject({ cells: [['парк', '1']], source: { entry: 'папка/дані.csv' } });
    expect(
      (
        await read(
          zipOf({
            'a.xlsx': xlsxOf([{ name: 'a', rows: header + row(2, text('A2', 'сад'), number('B2', 3)) }]),
          }),
        )
      ).cells,
    ).toEqual([['сад', '3']]);
  });

  it('with several tables asks which', async () => {
    const zip = zipOf({ 'a.csv': csv, 'b.csv': 'x;y\n1;2\n' });
    await expect(read(zip)).rejects.toMatchObject({
      kind: 'archive-choose',
      detail: { names: ['a.csv', 'b.csv'] },
    });
    expect((await read(zip, { entry: 'b.csv' })).cells).toEqual([['1', '2']]);
  });

  it('that unfolds to a hundred times its size, has an archive inside an archive, a password or 10,001 files is refused', async () => {
    await expect(read(zipOf({ 'a.csv': Buffer.alloc(30_000_000, 'a') }))).rejects.toMatchObject({
      kind: 'archive-bomb',
    });
    await expect(read(gzipSync(Buffer.alloc(30_000_000, 'a')))).rejects.toMatchObject({
      kind: 'archive-bomb',
    });
    await expect(read(zipOf({ 'a.csv': csv }, true))).rejects.toMatchObject({ kind: 'password' });
    await expect(read(zipOf({ 'a.csv': gzipSync(gzipSync(csv)) }))).rejects.toMatchObject({
      kind: 'archive-no-table',
    });
    const many = Object.fromEntries(Array.from({ length: 10_001 }, (_, n) => [`${n}.csv`, '']));
    await expect(read(zipOf(many))).rejects.toMatchObject({ kind: 'archive-bomb' });
    const whole = zipOf({ 'a.csv': csv });
    await expect(read(whole.subarray(0, whole.length - 30))).rejects.toMatchObject({
      kind: 'archive-broken',
    });
  });

  it('may hold no document types: entities are not opened', async () => {
    const book = zipOf({ 'xl/workbook.xml': '<!DOCTYPE x [<!ENTITY a "aaaa">]><workbook/>' });
    await expect(read(book)).rejects.toMatchObject({ kind: 'doctype' });
  });
});
