import { createHash } from 'node:crypto';
import { sql } from 'drizzle-orm';
import type { Platform } from '#platform/system.ts';
import type { Field } from '../datastore/table.ts';
import { faulty } from '../faults.ts';
import { named, quoted } from '../loading/sql.ts';
import { madeOnce } from './copies.ts';
import { ask, parquet, type Session, stream } from './engine.ts';
import { cellsOf, type Source } from './source.ts';
import { jsonText, plainText, quotedText, rowId } from './texts.ts';

/** What became of the columns. */
export interface SchemaChanges {
  readonly added: readonly { readonly id: string; readonly type: string }[];
  readonly removed: readonly { readonly id: string; readonly type: string }[];
  readonly retyped: readonly { readonly id: string; readonly before: string; readonly after: string }[];
}

export interface DiffCounts {
  readonly added: number;
  readonly removed: number;
  /** Rows with the same key and other cells; without a key no row is changed. */
  readonly changed: number;
  readonly same: number;
}

/** The difference of two states, as far as it is counted. */
export interface Difference {
  /** Columns by which rows are told apart; empty: rows are compared as wholes, each as often as it is there. */
  readonly key: readonly string[];
  readonly counts: DiffCounts;
  readonly columns: SchemaChanges;
  /** Where the numbers of the rows that differ lie. */
  readonly path: string;
}

/** A row that differs. Cells are those of columns that both states have, and of its own where the row is in one state only. */
export type RowChange =
  | {
      readonly change: 'added' | 'removed';
      readonly _id: number;
      readonly row: Readonly<Record<string, unknown>>;
    }
  | {
      readonly change: 'changed';
      readonly _id: number;
      readonly before_id: number;
      readonly key: Readonly<Record<string, unknown>>;
      readonly cells: readonly {
        readonly column: string;
        readonly before: unknown;
        readonly after: unknown;
      }[];
    };

/** Comparing may take longer than an answer: it is done once and kept. Milliseconds. */
const within = 60_000;

/**
 * Compares two states of a resource: by key row and cell, or as multisets of rows where there is none. Values are the same when
 * they are written the same, whatever the types of their columns. The answer depends on the rows alone.
 *
 * @param key columns that name a row; null: those of the versions, where both tell rows apart by them.
 * @throws Faulty of `key` when it does not tell the rows apart; Refusal 422 or 429 when it costs too much.
 */
export async function compare(
  platform: Platform,
  before: Source,
  after: Source,
  key: { readonly asked: readonly string[] | null; readonly usual: readonly string[] },
): Promise<Difference> {
  const common = commonOf(before, after);
  const has = (id: string) => common.some((one) => one.id === id);
  for (const id of key.asked ?? []) if (!has(id)) throw faulty('key', `Unknown field: ${id}`);
  const wished = key.asked ?? (key.usual.every(has) ? key.usual : []);
  const isKey = async (ids: readonly string[]) =>
    (await repeats(platform, before, ids)) === 0 && (await repeats(platform, after, ids)) === 0;
  const tells = wished.length > 0 && (await isKey(wished));
  if (key.asked?.length && !tells)
    throw faulty(
      'key',
      `${wished.join(', ')}: some rows have the same values there or none; add columns, or compare without a key`,
    );
  const used = tells ? wished : [];
  const name = `diff-${nameOf(before)}-${nameOf(after)}-${short(JSON.stringify(used))}`;
  const path = await madeOnce(platform, name, (draft) =>
    ask(
      platform,
      { cells: cellsOf(before, common.length) + cellsOf(after, common.length), within },
      (session) => writeDifference(session, before, after, common, used, draft),
    ),
  );
  return {
    key: used,
    counts: await countsOf(platform, path, after),
    columns: schemaChanges(before.fields, after.fields),
    path,
  };
}

interface Common {
  readonly id: string;
  readonly before: Field;
  readonly after: Field;
}

function commonOf(before: Source, after: Source): Common[] {
  return after.fields.flatMap((field) => {
    const old = before.fields.find(({ id }) => id === field.id);
    return old ? [{ id: field.id, before: old, after: field }] : [];
  });
}

/** Columns that came, went, or hold another type. */
export function schemaChanges(before: readonly Field[], after: readonly Field[]): SchemaChanges {
  const plain = ({ id, type }: Field) => ({ id, type });
  return {
    added: after.filter(({ id }) => !before.some((one) => one.id === id)).map(plain),
    removed: before.filter(({ id }) => !after.some((one) => one.id === id)).map(plain),
    retyped: after.flatMap(({ id, type }) => {
      const old = before.find((one) => one.id === id);
      return old && old.type !== type ? [{ id, before: old.type, after: type }] : [];
    }),
  };
}

/** Rows that a set of columns does not tell apart, those with nothing in one of them among them. */
async function repeats(platform: Platform, source: Source, ids: readonly string[]): Promise<number> {
  const fields = source.fields.filter(({ id }) => ids.includes(id));
  const columns = fields.map((field) => plainText(field)).join(', ');
  const filled = fields.map(({ id }) => `${named(id)} is not null`).join(' and ');
  return ask(platform, { cells: cellsOf(source, fields.length), within }, async (session) => {
    const [found] = await session.rows<{ n: string | number }>(
      sql`select ${source.rows} - (select count(*) from (select distinct ${sql.raw(columns)} from ${parquet(source.path)}
        where ${sql.raw(filled)})) as n`,
    );
    return Number(found!.n);
  });
}

/** Writes `change` (0 added, 1 changed, 2 removed), `before` and `after`: numbers of rows in the two states. */
async function writeDifference(
  session: Session,
  before: Source,
  after: Source,
  common: readonly Common[],
  key: readonly string[],
  path: string,
): Promise<void> {
  const side = (source: Source, which: 'before' | 'after') => {
    const keys = common
      .filter(({ id }) => key.includes(id))
      .map((one, n) => `${plainText(one[which])} as k${n}`);
    return `select ${['_id', ...keys, `${rowMark(common.map((one) => one[which]))} as mark`].join(', ')}
      from read_parquet(${quoted(source.path)})`;
  };
  await session.run(`create temp table b as ${side(before, 'before')}`);
  await session.run(`create temp table a as ${side(after, 'after')}`);
  const same = key.map((_, n) => `a.k${n} = b.k${n}`).join(' and ');
  const differing =
    key.length > 0
      ? `select 0 as change, null as before, a._id as after from a anti join b on ${same}
         union all select 1, b._id, a._id from a join b on ${same} where a.mark <> b.mark
         union all select 2, b._id, null from b anti join a on ${same}`
      : `with counts as (
           select mark, count(*) filter (side = 'a') as a, count(*) filter (side = 'b') as b
           from (select mark, 'a' as side from a union all select mark, 'b' from b) group by mark having a <> b)
         select 0 as change, null as before, _id as after from (
           select a._id, row_number() over (partition by a.mark order by a._id) as n, c.b as most from a join counts c using (mark)) where n > most
         union all
         select 2, _id, null from (
           select b._id, row_number() over (partition by b.mark order by b._id) as n, c.a as most from b join counts c using (mark)) where n > most`;
  await session.run(
    `copy (select change::utinyint as change, before::bigint as before, after::bigint as after from (${differing})
       order by change, after, before) to ${quoted(path)} (format parquet)`,
  );
  await session.run('drop table a');
  await session.run('drop table b');
}

/**
 * One number for all that a row holds: of its cells as texts, each ended by a sign that is doubled inside. It tells changes apart
 * by chance as MD5 does; proof against forgers are the hashes of the versions.
 */
function rowMark(fields: readonly Field[]): string {
  if (fields.length === 0) return `md5_number('')`;
  const cells = fields.map((field) => {
    const text = plainText(field);
    const isFree = field.type === 'text' || field.type === 'json' || field.type === '_text';
    const plain = isFree ? `replace(${text}, chr(31), chr(31) || chr(31))` : text;
    return `coalesce(${plain} || chr(31) || 'v', chr(31) || 'n')`;
  });
  return `md5_number(concat(${cells.join(', ')}))`;
}

async function countsOf(platform: Platform, path: string, after: Source): Promise<DiffCounts> {
  const rows = await ask(platform, { cells: 0 }, (session) =>
    session.rows<{ change: number; n: string | number }>(
      sql`select change, count(*) as n from ${parquet(path)} group by change`,
    ),
  );
  const of = (change: number) => Number(rows.find((row) => Number(row.change) === change)?.n ?? 0);
  const [added, changed, removed] = [of(0), of(1), of(2)];
  return { added, removed, changed, same: after.rows - added - changed };
}

const names = ['added', 'changed', 'removed'] as const;

/** Some of the rows that differ: those added, then those changed, then those removed, each in the order of their state. */
export async function changesOf(
  platform: Platform,
  difference: Difference,
  before: Source,
  after: Source,
  page: { readonly limit: number; readonly offset: number },
): Promise<RowChange[]> {
  const common = commonOf(before, after);
  const found = await ask(
    platform,
    { cells: cellsOf(before, before.fields.length) + cellsOf(after, after.fields.length) },
    async (session) => {
      await session.run(
        sql`create temp table page as select row_number() over (order by change, after, before) as n, change, before, after
          from (select * from ${parquet(difference.path)} order by change, after, before limit ${page.limit} offset ${page.offset})`,
      );
      const rows = await session.rows<{
        change: number;
        before: string | null;
        after: string | null;
        old: string | null;
        new: string | null;
      }>(
        sql`select p.change, p.before, p.after, b.text as old, a.text as new from page p
          left join (select _id, ${sql.raw(rowJson(before.fields))} as text from ${parquet(before.path)} r
            where _id in (select before from page)) b on b._id = p.before
          left join (select _id, ${sql.raw(rowJson(after.fields))} as text from ${parquet(after.path)} r
            where _id in (select after from page)) a on a._id = p.after
          order by p.n`,
      );
      await session.run('drop table page');
      return rows;
    },
  );
  return found.map((row): RowChange => {
    const change = names[Number(row.change)]!;
    const [old, now] = [cellsFrom(row.old), cellsFrom(row.new)];
    if (change !== 'changed')
      return { change, _id: Number(change === 'added' ? row.after : row.before), row: (now ?? old)! };
    return {
      change,
      _id: Number(row.after),
      before_id: Number(row.before),
      key: Object.fromEntries(difference.key.map((id) => [id, now![id]])),
      cells: common.flatMap(({ id }) =>
        comparable(old![id]) === comparable(now![id])
          ? []
          : [{ column: id, before: old![id], after: now![id] }],
      ),
    };
  });
}

/** Numbers that a double would change stay as they are written. */
const cellsFrom = (text: string | null): Record<string, unknown> | null =>
  text === null
    ? null
    : (JSON.parse(text, (_, value, context?: { source?: string }) =>
        typeof value === 'number' && context?.source !== undefined && String(value) !== context.source
          ? context.source
          : value,
      ) as Record<string, unknown>);

/** As rows are compared: by how a value is written. */
const comparable = (value: unknown): string =>
  value === null ? 'null' : `=${typeof value === 'object' ? JSON.stringify(value) : String(value)}`;

function rowJson(fields: readonly Field[]): string {
  const cells = fields.map(
    (field, n) =>
      `'${n ? ',' : ''}${JSON.stringify(field.id).replaceAll("'", "''")}:' || ${jsonText(field, 'r')}`,
  );
  return `'{' || ${[...cells, `'}'`].join(' || ')}`;
}

/**
 * The whole difference as CSV, one line for each cell that differs: `change,before_id,after_id`, the key, `column,before,after`. Of
 * rows that came or went each cell with a value is a line.
 */
export async function* diffCsv(
  platform: Platform,
  difference: Difference,
  before: Source,
  after: Source,
): AsyncGenerator<Buffer, void, undefined> {
  const head = ['change', 'before_id', 'after_id', ...difference.key, 'column', 'before', 'after'];
  yield Buffer.from(`${head.map(csvName).join(',')}\r\n`);
  const sided = (source: Source, which: string) => {
    const ids = [rowId, ...source.fields].map(
      (field, n) => `${n === 0 ? '_id' : plainText(field)} as ${n === 0 ? '_id' : `c${n - 1}`}`,
    );
    return `(select ${ids.join(', ')} from read_parquet(${quoted(source.path)}) where _id in
      (select ${which} from read_parquet(${quoted(difference.path)})))`;
  };
  const at = (source: Source, alias: string, id: string) => {
    const n = source.fields.findIndex((field) => field.id === id);
    return n < 0 ? 'null::varchar' : `${alias}.c${n}`;
  };
  const ids = [
    ...after.fields.map(({ id }) => id),
    ...before.fields.map(({ id }) => id).filter((id) => !after.fields.some((field) => field.id === id)),
  ];
  if (ids.length === 0) return;
  const shared = new Set(commonOf(before, after).map(({ id }) => id));
  const cells = ids.map(
    (id, n) =>
      `{n: ${n}, name: ${quoted(csvName(id))}, shared: ${shared.has(id)}, old: ${at(before, 'b', id)}, new: ${at(after, 'a', id)}}`,
  );
  const keys = difference.key.map((id) => `coalesce(${at(after, 'a', id)}, ${at(before, 'b', id)})`);
  const question = `
    select concat(${[
      `['added','changed','removed'][change + 1]`,
      `coalesce(cast(before as varchar), '')`,
      `coalesce(cast(after as varchar), '')`,
      ...keys.map((_, n) => quotedText(`k${n}`, ',')),
      'cell.name',
      quotedText('cell.old', ','),
      quotedText('cell.new', ','),
    ].join(`, ',', `)})
    from (
      select d.change, d.before, d.after, ${keys.map((key, n) => `${key} as k${n}, `).join('')}unnest([${cells.join(', ')}]) as cell
      from read_parquet(${quoted(difference.path)}) d
        left join ${sided(before, 'before')} b on b._id = d.before left join ${sided(after, 'after')} a on a._id = d.after)
    where case when change = 1 then cell.shared and cell.old is distinct from cell.new else coalesce(cell.old, cell.new) is not null end
    order by change, after, before, cell.n`;
  for await (const lines of stream(platform, question)) yield Buffer.from(`${lines.join('\n')}\n`);
}

const csvName = (name: string): string => (/[,"\r\n]/.test(name) ? `"${name.replaceAll('"', '""')}"` : name);

/** A name of files for the content of a state: with its hash in it where it has one. */
const nameOf = ({ content }: Source): string => (/^[0-9a-f]{64}$/.test(content) ? content : short(content));

const short = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 16);
