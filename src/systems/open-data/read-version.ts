import { sql } from 'drizzle-orm';
import { endOfDay, isLocalDate } from '#platform/calendar/index.ts';
import type { Reader } from '#platform/database/pool.ts';
import { NotFound, Refusal } from '#platform/errors.ts';
import type { Actor } from '#platform/work.ts';
import { asInstant } from './coercion.ts';
import { findDataset } from './datasets.ts';
import { type StoredTable, tablesNamed } from './datastore/tables.ts';
import { Absent, faulty } from './faults.ts';
import { findResource } from './resources.ts';
import { may, mustRead } from './rights.ts';
import type { DatasetRow } from './served.ts';
import { findVersion, servedVersion, type Version, versionAsOf } from './versions.ts';

/** Which state of a resource is asked for; neither: as it is now. */
export interface When {
  /** `3`, `v3`. */
  readonly version?: string | undefined;
  /** A day of the city, which means its end, or an instant of ISO 8601. */
  readonly asOf?: string | undefined;
}

/** A state of the rows of a resource that the actor may read. */
export interface ReadState {
  readonly resource: string;
  readonly dataset: DatasetRow;
  /** The version that it is; null: rows that programs have written and no version holds yet. */
  readonly version: Version | null;
  /** The table in PostgreSQL, where just these rows are. */
  readonly table: StoredTable | null;
  /** Versions that were never public are shown too. */
  readonly seesAll: boolean;
}

/**
 * The state of a resource that is asked for, for those who may read it: a version that was replaced before its dataset was public
 * is nobody's but its publisher's.
 *
 * @throws Absent, NotFound, Denied, Faulty of `version` or `as_of`; Refusal 410 after a takedown.
 */
export async function readState(
  reader: Reader,
  actor: Actor,
  resource: string,
  when: When = {},
): Promise<ReadState> {
  const found = await findResource(reader, resource);
  const dataset = await findDataset(reader, found.dataset);
  await mustRead(reader, actor, dataset);
  const seesAll = await may(reader, actor, 'read_private', dataset);
  const [table, served] = await Promise.all([
    tablesNamed(reader, [found.id]).then((tables) => tables.get(found.id) ?? null),
    servedVersion(reader, found.id),
  ]);
  const whole = { resource: found.id, dataset, seesAll };
  const isServed = (version: Version) =>
    version.n === served?.n && table !== null && table.uncut === 0 ? table : null;
  const asked = await versionOf(reader, found.id, when, seesAll);
  if (asked) {
    mustBeThere(asked);
    return { ...whole, version: asked, table: isServed(asked) };
  }
  // Rows that were dropped are in their version, for whoever names it.
  if (!table) throw await whyNoRows(reader, found.id);
  if (table.uncut > 0 || served === null) return { ...whole, version: null, table };
  mustBeThere(served);
  return { ...whole, version: served, table: isServed(served) };
}

/** Nothing of it is served: it was taken down as a whole, or never had rows. */
async function whyNoRows(reader: Reader, resource: string): Promise<Refusal> {
  const { rows } = await reader.execute<{ reason: string }>(
    sql`select takedown_reason as reason from od_resource where id = ${resource} and taken_down_at is not null`,
  );
  return rows[0]
    ? new Refusal(410, 'taken-down', 'the rows of this resource were taken down', { reason: rows[0].reason })
    : new Absent('no rows');
}

/** The version that is named; null: none is. */
async function versionOf(
  reader: Reader,
  resource: string,
  { version, asOf }: When,
  seesAll: boolean,
): Promise<Version | null> {
  if (version !== undefined && version !== '') {
    const n = Number(/^v?(\d{1,9})$/.exec(version.trim())?.[1]);
    if (!Number.isInteger(n) || n < 1) throw faulty('version', 'Must be the number of a version');
    return readVersion(reader, resource, n, seesAll);
  }
  if (asOf === undefined || asOf === '') return null;
  const found = await versionAsOf(reader, resource, instantOf(asOf), { open: !seesAll });
  if (!found) throw new Absent(`no version as of ${asOf}`);
  return found;
}

/** @throws NotFound also for a version that the actor may not know of. */
export async function readVersion(
  reader: Reader,
  resource: string,
  n: number,
  seesAll: boolean,
): Promise<Version> {
  const found = await findVersion(reader, resource, n);
  if (found.openedAt === null && !seesAll) throw new NotFound('version');
  return found;
}

/** @throws Refusal 410: what was taken down leaves its number and its hash, and nothing else. */
export function mustBeThere(version: Version): void {
  if (version.takenDownAt)
    throw new Refusal(410, 'taken-down', `version ${version.n} was taken down`, {
      version: version.n,
      reason: version.takedownReason,
      sha256: version.rawSha256,
    });
}

function instantOf(asOf: string): Date {
  const day = asOf.trim();
  if (isLocalDate(day)) return endOfDay(day);
  const instant = asInstant(day);
  if (!instant) throw faulty('as_of', 'Must be a day YYYY-MM-DD or an instant of ISO 8601');
  return instant;
}
