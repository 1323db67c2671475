import type pg from 'pg';
import type { Place, Secrets } from '../identity/secrets.ts';

/** A column whose values the key ring sealed (`Secrets.encrypt`; of sealed rows the column `key`). */
export interface SealedColumn {
  readonly table: string;
  readonly column: string;
  /** Columns of the primary key, with their types. */
  readonly key: Readonly<Record<string, 'uuid' | 'text' | 'integer'>>;
  /** Where the value was sealed for; unless told, its own table and column and the parts of the key with `/` between. */
  place?(key: readonly string[]): Place;
}

/** What the platform itself keeps sealed by the ring. Each system names its own (`System.sealed`). */
export const platformSealed: readonly SealedColumn[] = [
  { table: 'person', column: 'name', key: { id: 'uuid' } },
  { table: 'person_contact', column: 'value', key: { id: 'uuid' } },
  { table: 'person_key', column: 'wrapped', key: { person_id: 'uuid' } },
  { table: 'contact_code', column: 'value', key: { id: 'uuid' } },
  { table: 'staff_account', column: 'totp_secret', key: { id: 'uuid' } },
  { table: 'emergency_access', column: 'reason', key: { id: 'uuid' } },
  { table: 'message', column: 'address', key: { id: 'uuid' } },
  { table: 'message', column: 'link', key: { id: 'uuid' } },
  { table: 'message', column: 'postal', key: { id: 'uuid' } },
];

/** How a column stands after a run. */
export interface Resealed {
  readonly table: string;
  readonly column: string;
  /** Sealed anew by this run. */
  readonly moved: number;
  /** Under a key that the ring does not hold: left as they are. */
  readonly locked: number;
  /** Changed by somebody without the key, so they open no more: left as they are. */
  readonly broken: number;
  /** Still under an older key of the ring: written meanwhile by a process that has the ring of before. */
  readonly left: number;
}

export interface ResealOptions {
  /** Rows of one transaction. */
  readonly batch?: number;
  /** Called after each committed batch; what it throws ends the run, and the next run goes on from there. */
  readonly onBatch?: (column: SealedColumn) => void;
}

/**
 * Seals everything that stands under an older key of the ring anew under its active one, while the city runs. Every batch is
 * a transaction of its own and what is done is told by the values themselves, so a run that was cut off is simply started
 * again. Rows that somebody holds are passed over and come with the next round.
 *
 * @param client a connection of the owner: sent answers stay as they are for everybody else.
 */
export async function reseal(
  client: pg.ClientBase,
  secrets: Secrets,
  columns: readonly SealedColumn[],
  options: ResealOptions = {},
): Promise<Resealed[]> {
  const results: Resealed[] = [];
  for (const column of columns) {
    let moved = 0;
    let standing = { locked: 0, broken: 0 };
    for (let round = 0; round < 3; round += 1) {
      const done = await roundOf(client, secrets, column, options);
      moved += done.moved;
      standing = { locked: done.locked, broken: done.broken };
      if (done.moved === 0) break;
    }
    const left = (await countOld(client, secrets, column)) - standing.locked - standing.broken;
    results.push({
      table: column.table,
      column: column.column,
      moved,
      ...standing,
      left: Math.max(0, left),
    });
  }
  return results;
}

/** Once through the whole column, in the order of its key. */
async function roundOf(
  client: pg.ClientBase,
  secrets: Secrets,
  column: SealedColumn,
  options: ResealOptions,
): Promise<{ moved: number; locked: number; broken: number }> {
  const total = { moved: 0, locked: 0, broken: 0 };
  let after: readonly string[] | null = null;
  for (;;) {
    await client.query('begin');
    try {
      const batch = await nextBatch(client, secrets, column, after, options.batch ?? 200);
      const fresh = batch.map((row) => sealedAnew(secrets, column, row));
      await write(
        client,
        column,
        batch.flatMap((row, at) => {
          const value = fresh[at];
          return typeof value === 'string' ? [{ ...row, value }] : [];
        }),
      );
      await client.query('commit');
      if (batch.length === 0) return total;
      total.moved += fresh.filter((value) => typeof value === 'string').length;
      total.locked += fresh.filter((value) => value === null).length;
      total.broken += fresh.filter((value) => value === undefined).length;
      after = batch.at(-1)!.key;
    } catch (error) {
      await client.query('rollback');
      throw error;
    }
    options.onBatch?.(column);
  }
}

interface SealedValue {
  readonly key: readonly string[];
  readonly value: string;
}

async function nextBatch(
  client: pg.ClientBase,
  secrets: Secrets,
  { table, column, key }: SealedColumn,
  after: readonly string[] | null,
  limit: number,
): Promise<SealedValue[]> {
  const names = Object.keys(key);
  const later = after
    ? `and (${names.join(', ')}) > (${Object.values(key).map((type, at) => `$${at + 3}::${type}`)})`
    : '';
  const { rows } = await client.query<{ key: string[]; value: string }>(
    `select array[${names.map((name) => `${name}::text`)}] as key, ${column} as value from ${table}
     where ${column} is not null and not starts_with(${column}, $1) ${later}
     order by ${names} limit $2 for no key update skip locked`,
    [`${secrets.active}.`, limit, ...(after ?? [])],
  );
  return rows;
}

/** The value under the active key; null: its key is away, undefined: it opens no more. */
function sealedAnew(secrets: Secrets, column: SealedColumn, row: SealedValue): string | null | undefined {
  const place = column.place?.(row.key) ?? {
    table: column.table,
    column: column.column,
    row: row.key.join('/'),
  };
  try {
    const plain = secrets.decrypt(row.value, place);
    return plain === null ? null : secrets.encrypt(plain, place);
  } catch {
    return undefined;
  }
}

async function write(
  client: pg.ClientBase,
  { table, column, key }: SealedColumn,
  rows: readonly SealedValue[],
): Promise<void> {
  if (rows.length === 0) return;
  const names = Object.keys(key);
  await client.query(`set local misto.reseals = 'on'`);
  await client.query(
    `update ${table} t set ${column} = fresh.value
     from unnest(${[...Object.values(key), 'text'].map((type, at) => `$${at + 1}::${type}[]`)}) as fresh (${[...names, 'value']})
     where ${names.map((name) => `t.${name} = fresh.${name}`).join(' and ')}`,
    [...names.map((_, at) => rows.map((row) => row.key[at])), rows.map((row) => row.value)],
  );
}

async function countOld(
  client: pg.ClientBase,
  secrets: Secrets,
  { table, column }: SealedColumn,
): Promise<number> {
  const { rows } = await client.query<{ n: number }>(
    `select count(*)::int as n from ${table} where ${column} is not null and not starts_with(${column}, $1)`,
    [`${secrets.active}.`],
  );
  return rows[0]!.n;
}
