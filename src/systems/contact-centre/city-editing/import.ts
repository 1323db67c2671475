import { sql } from 'drizzle-orm';
import { mustBeAble } from '#platform/access/index.ts';
import { audit } from '#platform/audit/append.ts';
import type { Reader } from '#platform/database/pool.ts';
import { Conflict, type FieldFault, Invalid, NotFound } from '#platform/errors.ts';
import { emit } from '#platform/events/outbox.ts';
import type { Language } from '#platform/i18n/index.ts';
import type { JobDefinition } from '#platform/system.ts';
import type { Work } from '#platform/work.ts';
import { type City, readCity } from '../city.ts';
import { knownAssets, knownBuildings } from '../known-places.ts';
import { permission } from '../permissions.ts';
import { type Bytes, csvRows, delimiterOf, encodingOf, type ReadRow, textOf } from './csv.ts';
import { days } from './days.ts';
import { sameBody } from './edit.ts';
import { geoColumns, geoRows } from './geojson.ts';
import { importText } from './import-text.ts';
import type { DataKind, Entry, Flat } from './kind.ts';
import { oldRequestFields, oldRequests } from './old-requests.ts';
import { organisations } from './organisations.ts';
import { assets, buildings, contracts, districts, zones } from './places.ts';
import { announce } from './versions.ts';

/** Kinds that come in files, their format and the fields that a column may fill. */
export const importKinds = {
  building: {
    kind: buildings,
    format: 'csv',
    fields: ['id', 'street', 'house', 'district', 'zipcode', 'lat', 'lon', 'owner', 'flats', 'networkZones'],
  },
  contract: {
    kind: contracts,
    format: 'csv',
    fields: ['id', 'number', 'organisation', 'branch', 'building', 'asset', 'from', 'to'],
  },
  asset: {
    kind: assets,
    format: 'csv',
    fields: ['id', 'number', 'name-uk', 'name-en', 'branch', 'keeper', 'lat', 'lon'],
  },
  organisation: {
    kind: organisations,
    format: 'csv',
    fields: ['id', 'name-uk', 'name-en', 'kind', 'phone', 'dutyPhone', 'edrpou', 'url', 'active'],
  },
  day: {
    kind: days,
    format: 'csv',
    fields: [
      'code',
      'kind',
      'on',
      'to',
      'name-uk',
      'name-en',
      'works',
      'fromYear',
      'untilYear',
      'source',
      'active',
    ],
  },
  request: { kind: oldRequests('request', 'import'), format: 'csv', fields: oldRequestFields },
  line1545: { kind: oldRequests('line1545', '1545'), format: 'csv', fields: oldRequestFields },
  district: { kind: districts, format: 'geojson', fields: ['code', 'name-uk', 'name-en', 'rings'] },
  zone: { kind: zones, format: 'geojson', fields: ['code', 'name-uk', 'name-en', 'rings'] },
} as const satisfies Readonly<
  Record<string, { kind: DataKind; format: 'csv' | 'geojson'; fields: readonly string[] }>
>;
export type ImportKind = keyof typeof importKinds;

export interface Import {
  readonly id: string;
  readonly kind: ImportKind;
  readonly fileName: string;
  readonly encoding: string;
  readonly delimiter: string | null;
  readonly columns: readonly string[];
  /** Column by field. */
  readonly mapping: Readonly<Record<string, number>> | null;
  readonly status: 'mapping' | 'previewed' | 'applied';
  readonly rows: number;
  readonly accepted: number;
  readonly rejected: number;
  readonly known: number;
  readonly author: string;
  readonly madeAt: Date;
  readonly appliedAt: Date | null;
}

export interface ImportRow {
  readonly line: number;
  readonly cells: readonly string[];
  readonly reasons: readonly FieldFault[];
}

const batch = 1_000;
const mostRows = 2_000_000;
const json = (value: unknown) => JSON.stringify(value);

/**
 * Takes a file in, row by row, as it is; nothing of the city changes. Encoding and delimiter are found out.
 *
 * @returns the id of the import. @throws Invalid when there is no row in it.
 */
export async function takeFile(
  work: Work,
  file: { readonly kind: ImportKind; readonly name: string; readonly bytes: Bytes },
  language: Language,
): Promise<string> {
  mustBeAble(work.actor, permission('data_write'));
  const t = importText(language);
  const { format } = importKinds[file.kind];
  const encoding = await encodingOf(file.bytes);
  const delimiter = format === 'csv' ? delimiterOf(await firstLineOf(file.bytes, encoding)) : null;
  const rows =
    format === 'csv'
      ? csvRows(textOf(file.bytes, encoding), delimiter!)
      : await featuresOf(file.bytes, encoding);
  const head = await rows.next();
  const columns = head.done ? [] : head.value.cells.map((cell) => cell.trim().slice(0, 200));
  if (columns.length === 0) throw new Invalid([{ field: 'file', message: t.empty }]);
  const { rows: made } = await work.tx.execute<{ id: string }>(sql`
    insert into cc_import (kind, file_name, format, encoding, delimiter, columns, status, rows, author, author_name, made_at)
    values (${file.kind}, ${file.name.slice(0, 200)}, ${format}, ${encoding}, ${delimiter}, ${json(columns)}::jsonb, 'mapping', 0,
      ${work.actor.id}, ${work.actor.name}, ${work.clock.now().toISOString()}::timestamptz) returning id`);
  const { id } = made[0]!;
  let count = 0;
  let waiting: object[] = [];
  const flush = async () => {
    await work.tx.execute(sql`insert into cc_import_row (import, no, line, cells, fault)
      select ${id}::uuid, no, line, cells, fault from jsonb_to_recordset(${json(waiting)}::jsonb)
        as r(no int, line int, cells jsonb, fault text)`);
    waiting = [];
  };
  for await (const row of rows) {
    count += 1;
    if (count > mostRows) throw new Invalid([{ field: 'file', message: t.tooMany(mostRows) }]);
    const fault = row.fault ?? (row.cells.length === columns.length ? null : 'cells');
    waiting.push({ no: count, line: row.line, cells: row.cells.map(storable), fault });
    if (waiting.length === batch) await flush();
  }
  if (waiting.length) await flush();
  if (count === 0) throw new Invalid([{ field: 'file', message: t.empty }]);
  await work.tx.execute(sql`update cc_import set rows = ${count} where id::text = ${id}`);
  await audit(work, {
    action: permission('data_write'),
    resource: `import:${id}`,
    detail: { kind: file.kind, rows: count },
  });
  return id;
}

/** PostgreSQL stores no NUL and no half characters. */
const storable = (cell: string) => cell.replaceAll('\0', '').toWellFormed();

async function firstLineOf(bytes: Bytes, encoding: Parameters<typeof textOf>[1]): Promise<string> {
  let text = '';
  for await (const piece of textOf(bytes, encoding)) {
    text += piece;
    if (/[\r\n]/.test(text) || text.length > 100_000) break;
  }
  return text.split(/[\r\n]/)[0]!;
}

/** Features behind a first row that names their columns, as a table has it. */
async function featuresOf(
  bytes: Bytes,
  encoding: Parameters<typeof textOf>[1],
): Promise<AsyncGenerator<ReadRow>> {
  const columns = await geoColumns(textOf(bytes, encoding));
  return (async function* () {
    if (columns.length) yield { line: 1, cells: columns, fault: null };
    yield* geoRows(textOf(bytes, encoding), columns);
  })();
}

/**
 * Says of each row what would become of it when columns mean these fields: accepted, rejected with every reason, or known
 * already. A field without a column keeps what a known thing has. Nothing of the city changes.
 *
 * @throws Invalid when the key has no column; Conflict `applied`; NotFound.
 */
export async function previewImport(
  work: Work,
  id: string,
  mapping: Readonly<Record<string, number>>,
  language: Language,
): Promise<void> {
  mustBeAble(work.actor, permission('data_write'));
  const found = await lockImport(work, id);
  if (found.status === 'applied') throw new Conflict('applied', 'the file has been imported already');
  const { kind, fields } = importKinds[found.kind];
  const t = importText(language);
  if (mapping[kind.key] === undefined)
    throw new Invalid([{ field: `column-${kind.key}`, message: t.needKey }]);
  const used = Object.fromEntries(
    Object.entries(mapping).filter(
      ([field, column]) => (fields as readonly string[]).includes(field) && column < found.columns.length,
    ),
  );
  const city = await readCity(work.tx);
  for await (const rows of batches(work.tx, id, null)) {
    const judged = await judge(work.tx, city, kind, used, rows, language);
    await keepJudged(work, id, judged);
  }
  await rejectRepeated(work, id, kind.key, t.twice);
  await work.tx.execute(
    sql`update cc_import set mapping = ${json(used)}::jsonb, status = 'previewed', ${counted(id)} where id::text = ${id}`,
  );
}

/**
 * Brings the accepted rows of a preview in, each as a new version. What has become known or wrong since is told apart
 * again; run once more, the same file adds nothing.
 *
 * @throws Conflict `not-previewed` or `applied`; NotFound.
 */
export async function applyImport(work: Work, id: string, language: Language): Promise<Import> {
  mustBeAble(work.actor, permission('data_write'));
  const found = await lockImport(work, id);
  if (found.status === 'applied') throw new Conflict('applied', 'the file has been imported already');
  if (found.status !== 'previewed' || !found.mapping)
    throw new Conflict('not-previewed', 'look at the preview first');
  const { kind } = importKinds[found.kind];
  await work.tx.execute(
    sql`select pg_advisory_xact_lock(hashtextextended(${`cc-data-import ${kind.name}`}, 0))`,
  );
  const city = await readCity(work.tx);
  for await (const rows of batches(work.tx, id, 'accepted')) {
    const judged = await judge(work.tx, city, kind, found.mapping, rows, language);
    await keepJudged(work, id, judged);
    const entries = judged.flatMap(({ entry }) => (entry ? [entry] : []));
    if (entries.length) await kind.store(work, entries);
  }
  await work.tx.execute(sql`update cc_import set status = 'applied', applied_at = ${work.clock.now().toISOString()}::timestamptz,
    ${counted(id)} where id::text = ${id}`);
  await announce(work);
  const done = await readImport(work.tx, id);
  const { accepted, rejected, known } = done;
  await audit(work, {
    action: permission('data_write'),
    resource: `import:${id}`,
    detail: { kind: found.kind, accepted, rejected, known },
  });
  await emit(work, 'contact-centre.data.imported', { kind: found.kind, id, accepted });
  return done;
}

/** @throws NotFound */
export async function readImport(reader: Reader, id: string): Promise<Import> {
  const { rows } = await reader.execute<Record<string, unknown>>(
    sql`select * from cc_import where id::text = ${id}`,
  );
  if (!rows[0]) throw new NotFound('import');
  return importOf(rows[0]);
}

/** The last imports, the newest first. */
export async function recentImports(reader: Reader, limit: number): Promise<Import[]> {
  const { rows } = await reader.execute<Record<string, unknown>>(
    sql`select * from cc_import order by made_at desc, id desc limit ${limit}`,
  );
  return rows.map(importOf);
}

/** The first rows of an import, or of one outcome. */
export async function importRows(
  reader: Reader,
  id: string,
  outcome: 'accepted' | 'rejected' | 'known' | null,
  limit: number,
  after = 0,
): Promise<(ImportRow & { readonly no: number })[]> {
  const { rows } =
    await reader.execute<StoredRow>(sql`select no, line, cells, fault, reasons from cc_import_row
    where import::text = ${id} and ${outcome === null ? sql`true` : sql`outcome = ${outcome}`} and no > ${after}
    order by no limit ${limit}`);
  return rows.map(({ no, line, cells, reasons }) => ({ no, line, cells, reasons: reasons ?? [] }));
}

/** Days for which the rows of a file are kept, so that its rejects can be fetched. */
const keptDays = 90;

/** What imports need done behind the scenes. */
export const importJobs: readonly JobDefinition[] = [
  {
    name: 'contact-centre.forget-imports',
    schedule: '47 3 * * *',
    async run({ db, clock }) {
      const before = new Date(clock.now().getTime() - keptDays * 86_400_000).toISOString();
      await db.execute(sql`delete from cc_import where made_at < ${before}::timestamptz`);
    },
  },
];

interface StoredRow extends Record<string, unknown> {
  readonly no: number;
  readonly line: number;
  readonly cells: string[];
  readonly fault: ReadRow['fault'];
  readonly reasons?: FieldFault[];
}

interface Judged {
  readonly no: number;
  readonly key: string | null;
  readonly outcome: 'accepted' | 'rejected' | 'known';
  readonly reasons: readonly FieldFault[];
  readonly entry?: Entry;
}

async function judge(
  reader: Reader,
  city: City,
  kind: DataKind,
  mapping: Readonly<Record<string, number>>,
  rows: readonly StoredRow[],
  language: Language,
): Promise<Judged[]> {
  const t = importText(language);
  const keyColumn = mapping[kind.key]!;
  const current = await kind.current(
    reader,
    rows.map((row) => (row.cells[keyColumn] ?? '').trim()),
  );
  const read = rows.map((row) => {
    const key = (row.cells[keyColumn] ?? '').trim();
    const now = current.get(key) ?? null;
    const given: Flat = Object.fromEntries(
      Object.entries(mapping).map(([field, column]) => [field, (row.cells[column] ?? '').trim()]),
    );
    return { row, key, now, ...kind.body({ ...(now ? kind.flat(now.body) : {}), ...given }, language) };
  });
  const buildings = await knownBuildings(
    reader,
    read.flatMap(({ body }) => kind.buildingsOf?.(body) ?? []),
  );
  const assets = await knownAssets(
    reader,
    read.flatMap(({ body }) => kind.assetsOf?.(body) ?? []),
  );
  return read.map(({ row, key, now, body, faults }): Judged => {
    const { no } = row;
    if (row.fault)
      return { no, key: null, outcome: 'rejected', reasons: [{ field: '', message: t.faults[row.fault] }] };
    if (now && kind.once) return { no, key, outcome: 'known', reasons: [] };
    const unreadable = new Set(faults.map(({ field }) => field));
    const around = { city, buildings, assets, previous: now?.body ?? null, language };
    const reasons = [...faults, ...kind.faults(body, around).filter(({ field }) => !unreadable.has(field))];
    if (reasons.length) return { no, key: key || null, outcome: 'rejected', reasons };
    if (now && sameBody(now.body, body)) return { no, key, outcome: 'known', reasons: [] };
    const entry = { id: key, body, version: (now?.version ?? 0) + 1, previous: now?.body ?? null };
    return { no, key, outcome: 'accepted', reasons: [], entry };
  });
}

async function keepJudged(work: Work, id: string, judged: readonly Judged[]): Promise<void> {
  const rows = judged.map(({ no, key, outcome, reasons }) => ({ no, key, outcome, reasons }));
  await work.tx.execute(sql`update cc_import_row r set key = j.key, outcome = j.outcome, reasons = j.reasons
    from jsonb_to_recordset(${json(rows)}::jsonb) as j(no int, key text, outcome text, reasons jsonb)
    where r.import = ${id}::uuid and r.no = j.no`);
}

/** Of rows with one key the first counts; the others say where it stands. */
async function rejectRepeated(
  work: Work,
  id: string,
  field: string,
  words: (line: string) => string,
): Promise<void> {
  const message = words('%s');
  await work.tx.execute(sql`
    with first as (
      select key, min(no) as no, (array_agg(line order by no))[1] as line from cc_import_row
      where import = ${id}::uuid and key is not null and outcome <> 'rejected' group by key having count(*) > 1
    )
    update cc_import_row r set outcome = 'rejected',
      reasons = jsonb_build_array(jsonb_build_object('field', ${field}::text, 'message', format(${message}::text, first.line)))
    from first where r.import = ${id}::uuid and r.key = first.key and r.no > first.no and r.outcome <> 'rejected'`);
}

const counted = (
  id: string,
) => sql`(accepted, rejected, known) = (select count(*) filter (where outcome = 'accepted'),
  count(*) filter (where outcome = 'rejected'), count(*) filter (where outcome = 'known')
  from cc_import_row where import = ${id}::uuid)`;

async function* batches(reader: Reader, id: string, outcome: 'accepted' | null): AsyncGenerator<StoredRow[]> {
  for (let after = 0; ; ) {
    const { rows } = await reader.execute<StoredRow>(sql`select no, line, cells, fault from cc_import_row
      where import::text = ${id} and no > ${after} and ${outcome === null ? sql`true` : sql`outcome = ${outcome}`}
      order by no limit ${batch}`);
    if (rows.length === 0) return;
    yield rows;
    after = rows.at(-1)!.no;
  }
}

async function lockImport(work: Work, id: string): Promise<Import> {
  const { rows } = await work.tx.execute<Record<string, unknown>>(
    sql`select * from cc_import where id::text = ${id} for update`,
  );
  if (!rows[0]) throw new NotFound('import');
  return importOf(rows[0]);
}

function importOf(row: Record<string, unknown>): Import {
  return {
    id: String(row.id),
    kind: row.kind as ImportKind,
    fileName: String(row.file_name),
    encoding: String(row.encoding),
    delimiter: row.delimiter as string | null,
    columns: row.columns as string[],
    mapping: row.mapping as Record<string, number> | null,
    status: row.status as Import['status'],
    rows: Number(row.rows),
    accepted: Number(row.accepted),
    rejected: Number(row.rejected),
    known: Number(row.known),
    author: String(row.author_name),
    madeAt: new Date(String(row.made_at)),
    appliedAt: row.applied_at ? new Date(String(row.applied_at)) : null,
  };
}
