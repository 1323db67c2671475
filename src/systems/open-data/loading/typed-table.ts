import { normalForm } from '../checks/normal-form.ts';
import { matchColumns } from '../checks/official-tables.ts';
import { findPersonalData } from '../checks/personal-data.ts';
import { schemaFindings } from '../checks/schema-check.ts';
import type { Role, SchemaColumn, Strictness, TableSchema } from '../checks/table-schema.ts';
import { type CellCode, type CellError, hintOf, letterOf, typeWords } from './cell-errors.ts';
import { cellsOf } from './cells.ts';
import { type Conversion, conversionOf } from './conversion.ts';
import { footerRows, mostFooterRows } from './footer.ts';
import { fieldNames } from './headers.ts';
import { hashSql, mask } from './hiding.ts';
import type { Notice, ReadTable } from './read-table.ts';
import { type LoadRule, RuleBook, type RuleUse } from './rules.ts';
import { ColumnProfile, formulaErrors } from './shapes.ts';
import { quoted } from './sql.ts';
import { type StageDb, stageRows } from './stage-db.ts';
import { largestLine } from './staging.ts';
import { type ColumnPlan, planColumn } from './types.ts';

/** South, west, north and east of the city in degrees. */
export interface Box {
  readonly south: number;
  readonly west: number;
  readonly north: number;
  readonly east: number;
}

/** What a load is asked to do besides reading. */
export interface TypingOptions {
  readonly schema?: TableSchema | null;
  readonly strictness?: Strictness;
  /** Parquet of the tables that are published beside this one, by the official table: what columns refer to. */
  readonly related?: ReadonlyMap<string, readonly string[]>;
  readonly rules?: readonly LoadRule[];
  readonly city?: Box | null;
  /** YYYY-MM-DD in Kyiv. */
  readonly today: string;
  /** What a cell with personal data is: an error blocks the load. Not given: it is not looked for. */
  readonly personal?: 'error' | 'warning';
  /** Secret of the hashes that stand for personal values. */
  readonly hashKey?: string;
}

/** A column of the table that will be published. */
export interface TypedColumn {
  /** Position in the published table, from 0: `b0`, `v0` of the view `cells`. */
  readonly n: number;
  /** As it stands in the file. */
  readonly header: string;
  readonly id: string;
  /** The header in full where the id is shorter. */
  readonly label: string | null;
  readonly letter: string;
  readonly plan: ColumnPlan;
  readonly profile: ColumnProfile;
  readonly conversion: Conversion;
  /** The cell as it stood in the file (SQL over `raw`). */
  readonly raw: string;
  readonly schema: SchemaColumn | null;
  readonly role: Role | null;
  /** Personal values are hidden here, also in reports. */
  readonly hidden: boolean;
}

/** How often something is wrong in a column. */
export interface ErrorCount {
  readonly code: CellCode;
  readonly column: string;
  readonly severity: 'error' | 'warning';
  readonly count: number;
}

/** Rules of reading that change cells. */
export type RepairRule =
  | 'hidden'
  | 'null-word'
  | 'trim'
  | 'look-alike'
  | 'number'
  | 'time-zone'
  | 'date'
  | 'boolean'
  | 'list';

/** A change of cells that a rule of reading made in one column. */
export interface RepairCount {
  readonly column: string;
  readonly rule: string;
  readonly count: number;
  readonly example: { readonly row: number; readonly before: string; readonly after: string | null };
}

/** The table as it stands in DuckDB: views `cells` and `published`, table `errors`. */
export interface TypedTable {
  readonly columns: readonly TypedColumn[];
  /** Rows read, published and kept out. */
  readonly rows: { readonly read: number; readonly published: number; readonly refused: number };
  readonly errors: readonly CellError[];
  readonly errorCounts: readonly ErrorCount[];
  readonly repairs: readonly RepairCount[];
  readonly rules: readonly RuleUse[];
  readonly notices: readonly Notice[];
  /** Required columns of the schema that the file does not have. */
  readonly missing: readonly string[];
  /** Whether the schema holds the table back: any error in strict mode, a missing required column in both. */
  readonly blocked: boolean;
  /** Cells give people away that fixes hide or leave out: the file itself is not for the public. */
  readonly originalHolds: boolean;
}

/** Errors that are listed at once; the file of errors has all. */
export const mostListedErrors = 1_000;

/**
 * Makes a typed table of a staged one: footer, names, types, remembered fixes, checks of the schema. Nothing is lost: rows
 * published and rows refused are the rows read.
 */
export async function typeTable(db: StageDb, read: ReadTable, options: TypingOptions): Promise<TypedTable> {
  const { staged, headers } = read;
  const book = new RuleBook(options.rules ?? []);
  // These two were followed when the file was read.
  for (const kind of ['skip-rows', 'header-rows'] as const) book.table(kind);
  if (read.source.sheet) book.table('sheet');
  if (read.source.entry) book.table('entry');
  const notices: Notice[] = [...read.notices];
  await stageRows(db, staged, headers.length);
  const footer = await cutFooter(db, read, book);
  if (footer) notices.push({ code: 'footer-rows', count: footer });
  const { columns, missing, empty, all } = columnsOf(read, options, book);
  if (empty) notices.push({ code: 'empty-columns', count: empty });
  await db.run(`create view cells as select * from ${cellsOf(columns)}`);
  await db.run(
    'create table errors (row bigint, file_row bigint, n integer, code varchar, value varchar, severity varchar)',
  );
  const cleared = columns
    .filter(({ header }) => book.column('not-personal', header)?.approvedBy)
    .map(({ id }) => id);
  await findErrors(db, read, columns, options, new Set(cleared));
  const originalHolds =
    options.personal !== undefined &&
    book.has('mask', 'hash', 'drop', 'split', 'dictionary') &&
    (await givesAway(db, columns, all, book, options));
  const holding = Boolean(options.schema) && options.strictness === 'tolerant';
  await db.run(
    `create table refused as select distinct row from errors where severity = 'error' and code <> 'ragged' and not starts_with(code, 'personal-') and ${holding}`,
  );
  const kept = await db.number('select count(*) from refused');
  const from = kept ? 'cells anti join refused using (row)' : 'cells';
  const values = columns.map(({ n }) => `v${n}`);
  await db.run(
    `create view published as select row_number() over () as _id, row, ${values.join(', ')} from ${kept ? `(select * from ${from} order by row)` : from}`,
  );
  const errorCounts = await countErrors(db, columns);
  const refused = staged.refused + kept;
  const faulty =
    errorCounts.some(({ severity, code }) => severity === 'error' && code !== 'ragged') || staged.refused > 0;
  return {
    columns,
    rows: { read: staged.rows - footer, published: staged.rows - footer - refused, refused },
    errors: await listErrors(db, columns, options.personal),
    errorCounts,
    repairs: await countRepairs(db, columns),
    rules: book.report(),
    notices,
    missing: missing.filter(({ required }) => required).map(({ id }) => id),
    originalHolds,
    blocked:
      (options.personal === 'error' && errorCounts.some(({ code }) => code.startsWith('personal-'))) ||
      (Boolean(options.schema) &&
        (missing.some(({ required }) => required) || (options.strictness !== 'tolerant' && faulty))),
  };
}

/** Takes totals and notes off the end of `raw` and out of the counts. @returns how many rows they were. */
async function cutFooter(db: StageDb, { staged, headers }: ReadTable, book: RuleBook): Promise<number> {
  const last = await db.rows(`select * from raw order by row desc limit ${mostFooterRows}`);
  const cells = last.toReversed().map((row) => headers.map((_, n) => String(row[`c${n}`] ?? '')));
  const said = book.table('footer');
  const footer = said ? Math.min(said.rows, cells.length) : footerRows(cells);
  if (footer === 0) return 0;
  for (const row of cells.slice(-footer))
    for (const [n, cell] of row.entries()) {
      const bytes = Buffer.from(cell);
      staged.profiles[n]!.add(bytes, 0, bytes.length, -1);
    }
  await db.run(`delete from raw where row in (select row from raw order by row desc limit ${footer})`);
  return footer;
}

interface Source {
  readonly header: string;
  readonly raw: string;
  readonly profile: ColumnProfile;
  readonly index: number;
}

function columnsOf(read: ReadTable, options: TypingOptions, book: RuleBook) {
  const all: Source[] = read.headers.map((header, n) => ({
    header,
    raw: `c${n}`,
    profile: read.staged.profiles[n]!,
    index: n,
  }));
  // Trailing delimiters and styled empty cells make columns of nothing.
  const filled = all.filter(
    ({ header, profile }) => header.trim() !== '' || profile.filled + profile.count('nullWord') > 0,
  );
  const wanted = filled.filter(({ header }) => !book.column('drop', header));
  const sources = swapped(
    wanted.flatMap((source) => split(source, book)),
    book,
  );
  const names = sources.map(({ header }) => book.column('rename', header)?.to ?? header);
  const match = options.schema ? matchColumns(names, options.schema) : null;
  const ids = fieldNames(names.map((name, n) => match?.columns[n]?.id ?? name));
  const columns = sources.map((source, n): TypedColumn => {
    const schema = match?.columns[n] ?? null;
    const said = read.types?.[source.index];
    const fixes = {
      ...(said && { type: said }),
      ...(schema && { type: schema.type }),
      ...book.fixesOf(source.header),
    };
    const plan = planColumn(source.profile, source.header, fixes);
    const words = book.column('dictionary', source.header)?.words ?? {};
    const hidden = hiding(source, book, options.hashKey ?? '');
    const role = book.column('official-contact', source.header)?.approvedBy
      ? 'official-contact'
      : (schema?.role ?? roleOfHeader(names[n]!));
    const made = inLatin(
      role,
      conversionOf(source.raw, hidden ? { ...plan, type: 'text' } : plan, source.profile, words),
    );
    return {
      n,
      header: source.header,
      ...ids[n]!,
      letter: letterOf(source.index),
      plan: hidden ? { ...plan, type: 'text' } : plan,
      profile: source.profile,
      conversion: hidden ? { ...made, ...hidden(made.bare) } : made,
      raw: source.raw,
      schema,
      role,
      hidden: hidden !== null,
    };
  });
  return { columns, missing: match?.missing ?? [], empty: all.length - filled.length, all: filled };
}

/** Whether the cells as they stand in the file, what fixes leave out and hide among them, give people away. */
async function givesAway(
  db: StageDb,
  columns: readonly TypedColumn[],
  all: readonly Source[],
  book: RuleBook,
  options: TypingOptions,
): Promise<boolean> {
  const plain = all.map((source, n): TypedColumn => {
    const plan = planColumn(source.profile, source.header, { type: 'text' });
    return {
      n,
      header: source.header,
      id: source.header,
      label: null,
      letter: letterOf(source.index),
      plan,
      profile: source.profile,
      conversion: conversionOf(source.raw, plan, source.profile),
      raw: source.raw,
      schema: null,
      role: columns.find(({ header }) => header === source.header)?.role ?? null,
      hidden: false,
    };
  });
  const cleared = plain.filter(({ header }) => book.peek('not-personal', header)?.approvedBy);
  await db.run('create table behind as from errors limit 0');
  await findPersonalData(db, plain, {
    today: options.today,
    severity: 'warning',
    cleared: new Set(cleared.map(({ id }) => id)),
    into: 'behind',
  });
  return (await db.number('select count(*) from behind')) > 0;
}

/** What a header says of its column where no schema does. */
function roleOfHeader(header: string): Role | null {
  const form = normalForm(header);
  if (latHeaders.has(form)) return 'lat';
  if (lonHeaders.has(form)) return 'lon';
  return katottgHeaders.has(form) ? 'katottg' : null;
}

const formsOf = (...headers: string[]): ReadonlySet<string> => new Set(headers.map(normalForm));
const latHeaders = formsOf('lat', 'latitude', 'широта');
const lonHeaders = formsOf('lon', 'lng', 'longitude', 'довгота');
const katottgHeaders = formsOf('CATUTTC', 'katottg', 'КАТОТТГ', 'код КАТОТТГ');

/** Codes in Latin letters, however they were typed. */
function inLatin(role: Role | null, conversion: Conversion): Conversion {
  if (role !== 'katottg') return conversion;
  const value = `translate(upper(${conversion.value}), 'АВЕІКМНОРСТУХ', 'ABEIKMHOPCTYX')`;
  return { ...conversion, value, typed: value, changes: true };
}

function split(source: Source, book: RuleBook): Source[] {
  const fix = book.column('split', source.header);
  if (!fix) return [source];
  return fix.into.map((header, n) => {
    const profile = new ColumnProfile();
    profile.padded = 1;
    // A part may be as long as the whole: the look for personal data goes by it.
    profile.longest = source.profile.longest;
    const part =
      n === fix.into.length - 1
        ? `array_to_string(string_split(${source.raw}, ${quoted(fix.by)})[${n + 1}:], ${quoted(fix.by)})`
        : `string_split(${source.raw}, ${quoted(fix.by)})[${n + 1}]`;
    return { ...source, header, raw: part, profile };
  });
}

function swapped(sources: Source[], book: RuleBook): Source[] {
  const at = (header: string) => sources.findIndex((source) => source.header === header);
  const result = [...sources];
  for (const { lat, lon } of book.all('swap-coordinates', (fix) => at(fix.lat) >= 0 && at(fix.lon) >= 0)) {
    const [one, two] = [at(lat), at(lon)];
    result[one] = { ...sources[two]!, header: sources[one]!.header };
    result[two] = { ...sources[one]!, header: sources[two]!.header };
  }
  return result;
}

/** What replaces the cells of a column that the publisher hides. */
function hiding(source: Source, book: RuleBook, key: string): ((bare: string) => Partial<Conversion>) | null {
  const as = (value: (bare: string) => string) => (bare: string) => ({
    value: value(bare),
    typed: value(bare),
    duckType: 'varchar',
    mayFail: false,
    changes: true,
  });
  if (book.column('mask', source.header))
    return as((bare) => `case when ${bare} is not null then ${quoted(mask)} end`);
  if (book.column('hash', source.header)) return as((bare) => hashSql(key, bare));
  return null;
}

/** One kind of thing that may be wrong: SQL over `cells` for the rows where it is. */
export interface Finding {
  readonly n: number;
  readonly code: CellCode;
  readonly severity: 'error' | 'warning';
  readonly where: string;
  readonly value?: string;
  /** Columns that `where` speaks of, when they are more than this one. */
  readonly needs?: readonly number[];
}

async function findErrors(
  db: StageDb,
  read: ReadTable,
  columns: readonly TypedColumn[],
  options: TypingOptions,
  cleared: ReadonlySet<string>,
) {
  const findings: Finding[] = columns
    .filter(({ conversion }) => conversion.mayFail)
    .flatMap(({ n }): Finding[] => {
      const broken = `b${n} in (${formulaErrors.map(quoted).join(', ')})`;
      const unfit = `b${n} is not null and v${n} is null`;
      return [
        { n, code: 'formula-error', severity: 'error', where: `${unfit} and ${broken}` },
        { n, code: 'type', severity: 'error', where: `${unfit} and not ${broken}` },
      ];
    });
  findings.push(...schemaFindings(columns, options));
  for (const { n, code, severity, where, value, needs = [n] } of findings)
    await db.run(
      `insert into errors select row, file_row, ${n}, ${quoted(code)}, ${value ?? `b${n}`}, ${quoted(severity)} from ${cellsOf(needs.map((one) => columns[one]!))} as cells where ${where}`,
    );
  if (options.personal)
    await findPersonalData(db, columns, { today: options.today, severity: options.personal, cleared });
  if (read.staged.refused)
    await db.run(
      `insert into errors select row, "fileRow", ${read.headers.length}, 'ragged', cells[${read.headers.length + 1}], 'error'
       from read_json(${quoted(read.staged.refusedPath)}, format = 'newline_delimited', maximum_object_size = ${2 * largestLine},
         columns = {'row': 'bigint', 'fileRow': 'bigint', 'cells': 'varchar[]'})`,
    );
}

async function countErrors(db: StageDb, columns: readonly TypedColumn[]): Promise<ErrorCount[]> {
  const rows = await db.rows(
    'select code, n, severity, count(*)::integer as count from errors group by all order by count desc, n, code',
  );
  return rows.map((row) => ({
    code: String(row.code) as CellCode,
    column: columns[Number(row.n)]?.id ?? '',
    severity: row.severity as 'error' | 'warning',
    count: Number(row.count),
  }));
}

/** Reports that are public with their version do not repeat what they complain of. */
const isHidden = (code: CellCode, column: TypedColumn | undefined, personal: TypingOptions['personal']) =>
  column?.hidden || (code.startsWith('personal-') && personal !== 'error');

async function listErrors(
  db: StageDb,
  columns: readonly TypedColumn[],
  personal: TypingOptions['personal'],
): Promise<CellError[]> {
  const rows = await db.rows(`select * from errors order by row, n, code limit ${mostListedErrors}`);
  return rows.map((row) => {
    const n = Number(row.n);
    const column = columns[n];
    const code = String(row.code) as CellCode;
    const expected = expectedOf(code, column);
    return {
      row: Number(row.row),
      file_row: Number(row.file_row),
      column: column?.id ?? '',
      letter: column?.letter ?? letterOf(n),
      code,
      value: row.value === null ? null : isHidden(code, column, personal) ? mask : String(row.value),
      expected,
      hint_uk: hintOf(code, column?.plan.type ?? 'text', expected),
    };
  });
}

/** What should have stood there. */
export function expectedOf(code: CellCode, column: TypedColumn | undefined): string {
  const schema = column?.schema;
  if (code === 'enum') return schema?.enum?.slice(0, 20).join(', ') ?? '';
  if (code === 'pattern') return schema?.pattern ?? (column ? (rolePatterns[column.role ?? ''] ?? '') : '');
  if (code === 'identifier') return rolePatterns[column?.role ?? ''] ?? '';
  if (code === 'foreign-key') return schema?.references?.table ?? '';
  if (code === 'range') return `${schema?.min ?? '−∞'} … ${schema?.max ?? '∞'}`;
  if (code === 'too-long') return `не більше ${schema?.maxLength ?? ''} знаків`;
  return column ? typeWords[column.plan.type] : '';
}

const rolePatterns: Readonly<Record<string, string>> = {
  edrpou: '8 цифр ЄДРПОУ',
  katottg: 'UA і 17 цифр',
  koatuu: '10 цифр',
  'post-code': '5 цифр',
  cadastral: '1210100000:02:123:0001',
  dk021: '12345678-9',
  iban: 'UA і 27 цифр',
  lat: 'широта від −90 до 90',
  lon: 'довгота від −180 до 180',
};

/** Name of the rule by which a cell came to its value: SQL over `cells` for one column. */
export function repairRule({ n, plan, role, hidden }: TypedColumn): string {
  if (hidden) return `'hidden'`;
  if (role === 'katottg')
    return `case when b${n} is null then 'null-word' when b${n} = v${n} then 'trim' else 'look-alike' end`;
  const kind =
    plan.type === 'integer' || plan.type === 'numeric'
      ? `'number'`
      : plan.type === 'timestamp'
        ? `case when regexp_matches(b${n}, '(Z|[+-]\\d\\d:?\\d\\d)$') then 'time-zone' else 'date' end`
        : plan.type === 'date'
          ? `'date'`
          : plan.type === 'boolean'
            ? `'boolean'`
            : plan.type === 'list'
              ? `'list'`
              : `'trim'`;
  return `case when b${n} is null then 'null-word' when b${n} = v${n} and b${n} <> r${n} then 'trim' else ${kind} end`;
}

/** Cells that are published otherwise than they stood: SQL over `cells` for one column; a cell that does not fit is an error, no repair. */
export const repaired = ({ n }: TypedColumn) =>
  `r${n} is not null and r${n} is distinct from v${n} and (v${n} is not null or b${n} is null)`;

async function countRepairs(db: StageDb, columns: readonly TypedColumn[]): Promise<RepairCount[]> {
  const counts: RepairCount[] = [];
  for (const column of columns.filter(({ conversion }) => conversion.changes)) {
    const { n, id, hidden } = column;
    const rows = await db.rows(
      `select ${repairRule(column)} as rule, count(*)::integer as count, min(row)::integer as row, arg_min(r${n}, row) as before,
         arg_min(v${n}, row) as after from ${cellsOf([column])} as cells where ${repaired(column)} group by rule order by count desc, rule`,
    );
    for (const row of rows)
      counts.push({
        column: id,
        rule: String(row.rule),
        count: Number(row.count),
        example: {
          row: Number(row.row),
          before: hidden ? mask : String(row.before),
          after: row.after === null ? null : String(row.after),
        },
      });
  }
  return counts;
}
