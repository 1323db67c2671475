import { sql } from 'drizzle-orm';
import type { Platform } from '#platform/system.ts';
import { type Field, isNumber } from '../datastore/table.ts';
import { named } from '../loading/sql.ts';
import type { Version } from '../versions.ts';
import { ask, parquet, type Session } from './engine.ts';
import { cellsOf, columnsOf, type Source } from './source.ts';
import { plainText } from './texts.ts';

/** What a column holds. Values are written as texts, as everywhere in answers for programs. */
export interface ColumnProfile {
  readonly id: string;
  readonly type: string;
  /** Cells without a value. */
  readonly missing: number;
  readonly distinct: number;
  /** Counted by a sketch that errs by a few per cent: the table is large. */
  readonly distinctIsEstimated: boolean;
  readonly min: string | null;
  readonly max: string | null;
  /** Of numbers. */
  readonly mean: number | null;
  /** The most frequent values, each at least twice there. */
  readonly top: readonly { readonly value: string; readonly count: number }[];
  /** Words of the file that stand for no value, and how often: `н/д`. */
  readonly nullWords: Readonly<Record<string, number>>;
}

export interface Profile {
  readonly rows: number;
  readonly columns: readonly ColumnProfile[];
}

const topValues = 10;
/** Longest value that is shown whole. */
const longest = 200;
/** Exact counts of different values are for tables up to so many rows. */
const mostExact = 2_000_000;
/** Columns that are looked at in one question. */
const atOnce = 20;

/** What the columns of a version hold. It is looked for once and kept with the version. */
export async function profileOf(platform: Platform, version: Version): Promise<Profile> {
  const kept = await keptProfile(platform, version);
  if (kept) return kept;
  const made = await profileColumns(platform, await columnsOf(platform, version));
  await platform.db.execute(
    sql`update od_version set profile = ${JSON.stringify(made)}::jsonb
      where resource = ${version.resource} and n = ${version.n} and taken_down_at is null`,
  );
  return made;
}

/** What is known already of a version's columns; null: they were not looked at yet. */
export async function keptProfile(
  platform: Platform,
  version: Pick<Version, 'resource' | 'n'>,
): Promise<Profile | null> {
  const { rows } = await platform.db.execute<{ profile: Profile | null }>(
    sql`select profile from od_version where resource = ${version.resource} and n = ${version.n} and taken_down_at is null`,
  );
  return rows[0]?.profile ?? null;
}

/** Looks at the columns of a source, one by one. */
export async function profileColumns(platform: Platform, source: Source): Promise<Profile> {
  const columns = await ask(
    platform,
    { cells: cellsOf(source, source.fields.length), within: 5 * 60_000 },
    async (session) => {
      const found: ColumnProfile[] = [];
      for (let at = 0; at < source.fields.length; at += atOnce)
        found.push(...(await look(session, source, source.fields.slice(at, at + atOnce))));
      return found;
    },
  );
  return { rows: source.rows, columns };
}

async function look(session: Session, source: Source, fields: readonly Field[]): Promise<ColumnProfile[]> {
  const isExact = source.rows <= mostExact;
  const figures = fields.flatMap((field, n) => {
    const column = named(field.id);
    const ordered = field.type !== 'json' && field.type !== '_text';
    const edge = (which: 'min' | 'max') =>
      ordered
        ? plainText({ id: 'edge', type: field.type }).replaceAll('"edge"', `${which}(${column})`)
        : 'null';
    return [
      `count(*) - count(${column}) as missing${n}`,
      `${isExact ? `count(distinct ${column})` : `approx_count_distinct(${column})`} as different${n}`,
      `left(${edge('min')}, ${longest}) as min${n}`,
      `left(${edge('max')}, ${longest}) as max${n}`,
      `${isNumber(field.type) ? `avg(${column})` : 'null'} as mean${n}`,
    ];
  });
  const [all] = await session.rows<Record<string, unknown>>(
    sql`select ${sql.raw(figures.join(', '))} from ${parquet(source.path)}`,
  );
  const found: ColumnProfile[] = [];
  for (const [n, field] of fields.entries()) {
    const missing = Number(all![`missing${n}`]);
    const distinct = Number(all![`different${n}`]);
    const mean = all![`mean${n}`];
    found.push({
      id: field.id,
      type: field.type,
      missing,
      distinct,
      distinctIsEstimated: !isExact,
      min: textOrNull(all![`min${n}`]),
      max: textOrNull(all![`max${n}`]),
      mean: typeof mean === 'number' && Number.isFinite(mean) ? mean : null,
      top: distinct < source.rows - missing ? await topOf(session, source, field) : [],
      nullWords: (field.info?.null_words as Record<string, number> | undefined) ?? {},
    });
  }
  return found;
}

async function topOf(
  session: Session,
  source: Source,
  field: Field,
): Promise<{ value: string; count: number }[]> {
  const column = named(field.id);
  const rows = await session.rows<{ value: string; n: string | number }>(
    sql`select left(${sql.raw(plainText({ id: 'value', type: field.type }))}, ${longest}) as value, n
      from (select ${sql.raw(column)} as value, count(*) as n from ${parquet(source.path)}
        where ${sql.raw(column)} is not null group by 1 having count(*) > 1 order by n desc, value limit ${topValues}) t
      order by n desc, t.value`,
  );
  return rows.map(({ value, n }) => ({ value, count: Number(n) }));
}

const textOrNull = (value: unknown): string | null =>
  value === null || value === undefined ? null : String(value);
