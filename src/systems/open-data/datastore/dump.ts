import { type SQL, sql } from 'drizzle-orm';
import { PgDialect } from 'drizzle-orm/pg-core/dialect';
import type { Db } from '#platform/database/pool.ts';
import { ExactNumber, excelLine } from './excel.ts';
import { filterOf } from './filters.ts';
import { orderOf } from './order.ts';
import { matching } from './query.ts';
import { jsonOf, linesOf, rowNumber, type Shown } from './records.ts';
import { conditions, type SearchRequest, shownFields, valueFault } from './search.ts';
import { slots } from './slots.ts';
import { column, type DataTable } from './table.ts';

export const dumpFormats = ['csv', 'tsv', 'json', 'xml'] as const;
export type DumpFormat = (typeof dumpFormats)[number];

/** What is dumped: as in a search, but all rows unless a limit is asked for. */
export type DumpRequest = Pick<
  SearchRequest,
  'filters' | 'q' | 'full_text' | 'plain' | 'fields' | 'sort' | 'distinct' | 'limit' | 'offset'
> & {
  /** `excel`: CSV as Excel opens it in Ukraine (`excel.ts`). */
  readonly format: DumpFormat | 'excel';
  readonly bom?: boolean;
};

/** Rows that are held in memory at once. */
const batch = 20_000;
/** Dumps in an order of their own keep a connection each. */
const sortedDumps = slots({ running: 2, waiting: 6 });

/**
 * Rows of a table as a file, a part at a time as the reader takes them: memory does not grow with the table, and whoever
 * reads slowly holds no connection while the order is that of the file.
 *
 * @throws Faulty before the first part, when the request is wrong.
 */
export async function dump(
  db: Db,
  table: DataTable,
  request: DumpRequest,
): Promise<AsyncIterableIterator<Buffer>> {
  const match = matching(table, request);
  const shown = shownFields(table, request.fields, []);
  const where = conditions(filterOf(table, request.filters), match?.condition ?? null);
  const order = orderOf(table, request.sort, [], request.distinct ? shown : null);
  const inFileOrder = order.byId === 'ascending' && !request.distinct;
  const parts = inFileOrder
    ? inSpans(db, table, request, shown, where)
    : sorted(db, table, request, shown, where, order.by);
  return dumpOf(request, shown, parts);
}

/**
 * A dump of records that come in parts: lines of CSV or TSV, or JSON lists for the other formats.
 *
 * @throws Faulty before the first part, when the request is wrong.
 */
export async function dumpOf(
  request: DumpRequest,
  shown: readonly Pick<Shown, 'id' | 'type'>[],
  parts: AsyncGenerator<Buffer>,
): Promise<AsyncIterableIterator<Buffer>> {
  // The first part is read before anything is promised: what is wrong with the request shows there.
  const first = await parts.next().catch((error: unknown) => {
    throw valueFault(error) ?? error;
  });
  const whole = file(request, shown, first.done ? null : first.value, parts);
  const reading: AsyncIterableIterator<Buffer> = {
    [Symbol.asyncIterator]: () => reading,
    next: () => whole.next(),
    // A reader may leave before the first part was taken: what is held for the rest is given back all the same.
    async return() {
      await whole.return(undefined);
      await parts.return(undefined);
      return { done: true, value: undefined };
    },
  };
  return reading;
}

async function* file(
  { format, bom }: DumpRequest,
  shown: readonly Pick<Shown, 'id' | 'type'>[],
  first: Buffer | null,
  rest: AsyncGenerator<Buffer>,
): AsyncGenerator<Buffer> {
  const fields = JSON.stringify(shown.map(({ id, type }) => ({ id, type })));
  const [head, tail] = {
    csv: [`${line(shown, ',')}\r\n`, ''],
    tsv: [`${line(shown, '\t')}\r\n`, ''],
    excel: [excelLine(shown.map(({ id }) => id)), ''],
    json: [`{\n  "fields": ${fields},\n  "records": [`, '\n]}\n'],
    xml: ['<data xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">\n', '</data>\n'],
  }[format];
  if (format === 'excel' || (bom && format !== 'json')) yield Buffer.from('\uFEFF');
  yield Buffer.from(head!);
  let any = false;
  for (let part = first; part; ) {
    yield format === 'json'
      ? jsonPart(part, any)
      : format === 'xml'
        ? xmlPart(part, shown)
        : format === 'excel'
          ? excelPart(part)
          : part;
    any = true;
    const next = await rest.next();
    part = next.done ? null : next.value;
  }
  if (tail) yield Buffer.from(tail);
}

function line(shown: readonly Pick<Shown, 'id'>[], mark: ',' | '\t'): string {
  return shown
    .map(({ id }) => (new RegExp(`[${mark}"\\r\\n]`).test(id) ? `"${id.replaceAll('"', '""')}"` : id))
    .join(mark);
}

/** In the order of the file, a span of `_id` after the other. */
async function* inSpans(
  db: Db,
  table: DataTable,
  request: DumpRequest,
  shown: readonly Shown[],
  where: SQL | null,
): AsyncGenerator<Buffer> {
  const { format } = request;
  let left = request.limit ?? Number.POSITIVE_INFINITY;
  let after = await startOf(db, table, where, request.offset ?? 0);
  const isWhole = where === null && table.isDense && table.rows !== null;
  while (left > 0 && after !== null) {
    const size = Math.min(batch, left);
    const upTo: number | null = isWhole
      ? after + size >= table.rows!
        ? null
        : after + size
      : await endOf(db, table, where, after, size);
    if (isWhole && after >= table.rows!) return;
    const inSpan = conditions(where, sql`_id > ${after}`, upTo === null ? null : sql`_id <= ${upTo}`)!;
    const chosen = sql`select ${sql.join(
      shown.map(({ expression, id }) => sql`${expression} as ${column(id)}`),
      sql`, `,
    )} from ${table.from} where ${inSpan} order by _id ${upTo === null ? sql`limit ${size}` : sql``}`;
    const { rows } = await db.execute<{ text: string }>(
      sql`select ${recordOf(shown, format)} as text from (${chosen}) r`,
    );
    if (rows.length > 0) yield linesAs(rows.map(({ text }) => text));
    left -= size;
    after = upTo;
  }
}

/** `_id` after which the dump begins; null: there is nothing that far. */
async function startOf(db: Db, table: DataTable, where: SQL | null, offset: number): Promise<number | null> {
  if (offset === 0) return 0;
  if (where === null && table.isDense) return offset;
  return endOf(db, table, where, 0, offset);
}

/** `_id` of the row at the end of a span of so many rows; null: fewer are left, if any. */
async function endOf(
  db: Db,
  table: DataTable,
  where: SQL | null,
  after: number,
  size: number,
): Promise<number | null> {
  const { rows } = await db.execute<{ id: number }>(sql`select _id::float8 as id from ${table.from}
    where ${conditions(where, sql`_id > ${after}`)} order by _id offset ${size - 1} limit 1`);
  return rows[0]?.id ?? null;
}

const dialect = new PgDialect();

/** A record of the format as SQL, over the chosen rows `r`. */
function recordOf(shown: readonly Shown[], format: DumpRequest['format']): SQL {
  if (format === 'csv') return linesOf(shown, ',');
  return format === 'tsv' ? linesOf(shown, '\t') : jsonOf(shown, 'lists');
}

/** In an order of its own, from a result that the server keeps while it is being read. */
async function* sorted(
  db: Db,
  table: DataTable,
  request: DumpRequest,
  shown: readonly Shown[],
  where: SQL | null,
  by: SQL | null,
): AsyncGenerator<Buffer> {
  const rows = sql`select ${recordOf(shown, request.format)} from (select ${request.distinct ? sql`distinct ` : sql``}${sql.join(
    shown.map(({ expression, id }) => sql`${expression} as ${column(id)}`),
    sql`, `,
  )}${request.distinct ? sql`` : sql`, _id as ${column(rowNumber)}`} from ${table.from} ${where ? sql`where ${where}` : sql``}
    ${by ? sql`order by ${by}` : sql``} ${request.limit === undefined ? sql`` : sql`limit ${request.limit}`} offset ${request.offset ?? 0}) r`;
  const { sql: query } = dialect.sqlToQuery(rows.inlineParams());
  const free = await sortedDumps.take();
  const client = await db.$client.connect().catch((error: unknown) => {
    free();
    throw error;
  });
  let broken: Error | undefined;
  try {
    await client.query(`declare dump no scroll cursor with hold for ${query}`);
    for (;;) {
      const { rows: lines } = await client.query<[string]>({
        text: `fetch ${batch} from dump`,
        rowMode: 'array',
      });
      if (lines.length === 0) return;
      yield linesAs(lines.map(([text]) => text));
    }
  } catch (error) {
    broken = error as Error;
    throw error;
  } finally {
    await client.query('close all').catch((error: Error) => {
      broken = error;
    });
    client.release(broken);
    free();
  }
}

const linesAs = (lines: readonly string[]): Buffer => Buffer.from(`${lines.join('\n')}\n`);

/** Lines of JSON lists as items of one list. */
function jsonPart(part: Buffer, goesOn: boolean): Buffer {
  const lines = part.toString().trimEnd().split('\n');
  return Buffer.from(`${goesOn ? ',' : ''}\n    ${lines.join(',\n    ')}`);
}

/** Lines of JSON lists as lines for Excel. */
function excelPart(part: Buffer): Buffer {
  const lines = part.toString().trimEnd().split('\n');
  return Buffer.from(lines.map((text) => excelLine(exactly(text, 'numbers'))).join(''));
}

/** Lines of JSON lists as rows of XML. */
function xmlPart(part: Buffer, shown: readonly Pick<Shown, 'id'>[]): Buffer {
  const names = shown.map(({ id }) => elementName(id));
  const rows = part
    .toString()
    .trimEnd()
    .split('\n')
    .map((text) => {
      const values = exactly(text);
      const id = shown.findIndex((one) => one.id === '_id');
      const attribute = id < 0 ? '' : ` _id="${escaped(String(values[id]))}"`;
      const cells = values.flatMap((value, n) => (n === id ? [] : [cell(names[n]!, value)]));
      return `<row${attribute}>${cells.join('')}</row>\n`;
    });
  return Buffer.from(rows.join(''));
}

/** The values of a list of JSON, numbers with all their digits: as texts, or apart from texts. */
function exactly(text: string, as: 'texts' | 'numbers' = 'texts'): unknown[] {
  return JSON.parse(text, (_, value, context?: { source?: string }) =>
    typeof value === 'number' && context?.source !== undefined
      ? as === 'texts'
        ? context.source
        : new ExactNumber(context.source)
      : value,
  );
}

function cell(name: string, value: unknown): string {
  if (value === null) return `<${name} xsi:nil="true"/>`;
  if (Array.isArray(value))
    return `<${name}>${value.map((one, n) => `<value key="${n}">${escaped(textOfValue(one))}</value>`).join('')}</${name}>`;
  if (typeof value === 'object')
    return `<${name}>${Object.entries(value)
      .map(([key, one]) => `<value key="${escaped(key)}">${escaped(textOfValue(one))}</value>`)
      .join('')}</${name}>`;
  return `<${name}>${escaped(textOfValue(value))}</${name}>`;
}

const textOfValue = (value: unknown): string =>
  typeof value === 'string'
    ? value
    : value === null
      ? ''
      : typeof value === 'object'
        ? JSON.stringify(value)
        : String(value);

/** A name that XML allows: what it does not is an underscore. */
function elementName(id: string): string {
  const plain = id.replace(/[^\p{L}\p{N}_.-]/gu, '_');
  return /^[\p{L}_]/u.test(plain) ? plain : `_${plain}`;
}

function escaped(text: string): string {
  return (
    text
      // biome-ignore lint/suspicious/noControlCharactersInRegex: what XML cannot hold is left out
      .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '')
      .replaceAll('&', '&amp;')
      .replaceAll('<', '&lt;')
      .replaceAll('>', '&gt;')
      .replaceAll('"', '&quot;')
  );
}
