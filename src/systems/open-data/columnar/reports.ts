import { sql } from 'drizzle-orm';
import type { Reader } from '#platform/database/pool.ts';
import type { Platform } from '#platform/system.ts';
import type { CellError } from '../loading/cell-errors.ts';
import type { LoadReport } from '../loading/load-run.ts';
import { named, quoted } from '../loading/sql.ts';
import type { ErrorCount, RepairCount } from '../loading/typed-table.ts';
import type { Version } from '../versions.ts';
import { copyOf } from './copies.ts';
import { ask, type Session, stream } from './engine.ts';
import { columnsOf } from './source.ts';
import { plainText, quotedText } from './texts.ts';

/** What stands in the place of a value that may be somebody's. */
const masked = '•••';

/** What was found in the file of a version, as everybody may see it. */
export interface PublicReport {
  /** Null: its rows were written by programs, there was no file. */
  readonly source: LoadReport['source'] | null;
  readonly rows: { readonly read: number; readonly published: number; readonly refused: number };
  readonly counts: readonly ErrorCount[];
  /** The first thousand; the file of all has them too. */
  readonly errors: readonly CellError[];
  readonly total: number;
  readonly notices: LoadReport['notices'];
  readonly missing: readonly string[];
  readonly rules: LoadReport['rules'];
  readonly repairs: readonly RepairCount[];
  /** Files of the store by their hash. */
  readonly files: {
    readonly errors: string | null;
    readonly refused: string | null;
    readonly repairs: string | null;
  };
  /** Columns in which something personal was found: their values are in no report. */
  readonly hidden: readonly string[];
}

/** The reports of a version that the caller may read, with what may be personal masked. */
export async function reportOf(reader: Reader, version: Version): Promise<PublicReport> {
  const { rows } = await reader.execute<{
    report: LoadReport | null;
    errors: string | null;
    refused: string | null;
    repairs: string | null;
  }>(sql`
    select l.report, (select sha256 from file where id = l.errors_file) as errors,
      (select sha256 from file where id = l.refused_file) as refused, (select sha256 from file where id = l.repairs_file) as repairs
    from od_load l where l.id = ${version.load}`);
  const { report, ...files } = rows[0]!;
  const counts = report?.errorCounts ?? [];
  const hidden = [
    ...new Set(counts.flatMap(({ code, column }) => (code.startsWith('personal-') ? [column] : []))),
  ];
  const mask = (column: string, value: string) => (hidden.includes(column) ? masked : value);
  return {
    source: report?.source ?? null,
    rows: report?.rows ?? { read: version.rows, published: version.rows, refused: 0 },
    counts,
    errors: (report?.errors ?? []).map((error) =>
      error.value === null ? error : { ...error, value: mask(error.column, error.value) },
    ),
    total: counts.reduce((sum, { count }) => sum + count, 0),
    notices: report?.notices ?? [],
    missing: report?.missing ?? [],
    rules: report?.rules ?? [],
    repairs: (report?.repairs ?? []).map((repair) => ({
      ...repair,
      example: {
        ...repair.example,
        before: mask(repair.column, repair.example.before),
        after: repair.example.after === null ? null : mask(repair.column, repair.example.after),
      },
    })),
    files,
    hidden,
  };
}

/** All errors of cells as CSV. */
export async function* errorsCsv(
  platform: Platform,
  report: PublicReport,
): AsyncGenerator<Buffer, void, undefined> {
  const columns = ['row', 'file_row', 'column', 'letter', 'code', 'severity', 'value', 'expected', 'hint_uk'];
  yield Buffer.from(`${columns.join(',')}\r\n`);
  if (!report.files.errors) return;
  const path = await copyOf(platform, report.files.errors);
  const cells = columns.map((name) =>
    quotedText(
      name === 'value' && report.hidden.length > 0
        ? `(case when value is not null and "column" in (${report.hidden.map(quoted).join(', ')}) then '${masked}' else value end)`
        : named(name),
      ',',
    ),
  );
  yield* inLines(
    platform,
    `select concat(${cells.join(`, ',', `)}) from read_csv(${quoted(path)}, header = true, all_varchar = true, delim = ',', quote = '"', escape = '"', auto_detect = false,
      columns = {${columns.map((name) => `${quoted(name)}: 'varchar'`).join(', ')}}, parallel = false)`,
  );
}

/** A cell that is published otherwise than it stood in the file. */
export interface Repair {
  /** Of the file's table, from 1. */
  readonly row: number;
  /** Of the published table. */
  readonly _id: number;
  readonly column: string;
  readonly before: string;
  readonly after: string | null;
  readonly rule: string;
}

/** The repaired cells of published rows, row by row, and how many there are. */
export async function repairsOf(
  platform: Platform,
  version: Version,
  report: PublicReport,
  page: { readonly limit: number; readonly offset: number },
): Promise<{ readonly total: number; readonly repairs: Repair[] }> {
  const question = await repairsQuestion(platform, version, report);
  if (!question) return { total: 0, repairs: [] };
  return ask(platform, { cells: version.rows * report.repairs.length }, async (session) => {
    const [counted] = await session.rows<{ n: string | number }>(`select count(*) as n from (${question})`);
    const rows = await session.rows<Record<keyof Repair, unknown>>(
      `select row, _id, "column", before, after, rule from (${question}) order by row, n limit ${page.limit} offset ${page.offset}`,
    );
    return {
      total: Number(counted!.n),
      repairs: rows.map((row) => ({
        row: Number(row.row),
        _id: Number(row._id),
        column: String(row.column),
        before: String(row.before),
        after: row.after === null ? null : String(row.after),
        rule: String(row.rule),
      })),
    };
  });
}

/** All repaired cells as CSV. */
export async function* repairsCsv(
  platform: Platform,
  version: Version,
  report: PublicReport,
): AsyncGenerator<Buffer, void, undefined> {
  yield Buffer.from('row,_id,column,before,after,rule\r\n');
  const question = await repairsQuestion(platform, version, report);
  if (!question) return;
  const cells = ['"column"', 'before', 'after', 'rule'].map((name) => quotedText(name, ','));
  yield* inLines(
    platform,
    `select concat(row, ',', _id, ',', ${cells.join(`, ',', `)}) from (${question}) order by row, n`,
  );
}

/** Names of the columns of the file of repairs, besides `row`. */
async function repairedColumns(session: Session, path: string): Promise<string[]> {
  const rows = await session.rows<{ column_name: string }>(
    `describe select * from read_parquet(${quoted(path)})`,
  );
  return rows.map((row) => row.column_name).filter((name) => name !== 'row');
}

async function repairsQuestion(
  platform: Platform,
  version: Version,
  report: PublicReport,
): Promise<string | null> {
  if (!report.files.repairs || !version.parquetSha256) return null;
  const path = await copyOf(platform, report.files.repairs);
  const source = await columnsOf(platform, version);
  const columns = await ask(platform, { cells: 0 }, (session) => repairedColumns(session, path));
  const shown = source.fields.filter(({ id }) => columns.includes(id));
  if (shown.length === 0) return null;
  const cells = shown.map((field, n) => {
    const isHidden = report.hidden.includes(field.id);
    const before = `cast(r.${named(field.id)} as varchar)`;
    const after = plainText(field, 'd');
    const other =
      report.repairs.find(
        ({ column, rule }) => column === field.id && rule !== 'trim' && rule !== 'null-word',
      )?.rule ?? 'trim';
    const rule = `case when ${after} is null then 'null-word' when trim(${before}) = ${after} then 'trim' else ${quoted(other)} end`;
    const hide = (text: string) => (isHidden ? `case when ${text} is not null then '${masked}' end` : text);
    return `{n: ${n}, name: ${quoted(field.id)}, before: ${hide(before)}, after: ${hide(after)}, rule: ${rule}}`;
  });
  // Rows that stay out have no number in the published table, and those behind them move up.
  const refused = report.files.refused
    ? `read_json(${quoted(await copyOf(platform, report.files.refused))}, format = 'newline_delimited', columns = {'row': 'bigint'}, maximum_object_size = 33554432)`
    : '(select null::bigint as row where false)';
  return `
    select row, _id, cell.n as n, cell.name as "column", cell.before as before, cell.after as after, cell.rule as rule from (
      select r.row, d._id, unnest([${cells.join(', ')}]) as cell
      from (
        select p.*, p.row - coalesce(f.n, 0) as _place from read_parquet(${quoted(path)}) p
          asof left join (select row, row_number() over (order by row) as n from ${refused}) f on p.row >= f.row
        where coalesce(f.row, 0) <> p.row) r
      join read_parquet(${quoted(source.path)}) d on d._id = r._place)
    where cell.before is not null`;
}

async function* inLines(platform: Platform, question: string): AsyncGenerator<Buffer, void, undefined> {
  for await (const lines of stream(platform, question)) yield Buffer.from(`${lines.join('\n')}\n`);
}
