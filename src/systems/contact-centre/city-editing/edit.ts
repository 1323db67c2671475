import { sql } from 'drizzle-orm';
import { mustBeAble } from '#platform/access/index.ts';
import { audit } from '#platform/audit/append.ts';
import { canonical, type Json } from '#platform/audit/canonical.ts';
import type { Reader } from '#platform/database/pool.ts';
import { Conflict, Invalid, NotFound } from '#platform/errors.ts';
import { emit } from '#platform/events/outbox.ts';
import type { Language } from '#platform/i18n/index.ts';
import type { Work } from '#platform/work.ts';
import { readCity } from '../city.ts';
import { knownAssets, knownBuildings } from '../known-places.ts';
import { permission } from '../permissions.ts';
import type { Body, DataKind, DataVersion, Flat } from './kind.ts';
import { kindText } from './text.ts';
import { announce } from './versions.ts';

/** What an administrator sends: the fields of a thing, and the version of it that was looked at; null for a new one. */
export interface Edit {
  readonly flat: Flat;
  readonly known: number | null;
}

/**
 * Stores a thing of the city's data as a new version; requests keep the one they were born with. What is the same as
 * before makes no version.
 *
 * @throws Forbidden; Invalid with every fault by field; Conflict `stale` when somebody else was quicker.
 */
export async function saveData(
  work: Work,
  kind: DataKind,
  edit: Edit,
  language: Language,
): Promise<{ readonly id: string; readonly version: number }> {
  mustBeAble(work.actor, permission('data_write'));
  const id = (edit.flat[kind.key] ?? '').trim();
  await oneAtATime(work, kind, id);
  const { body, faults } = kind.body(edit.flat, language);
  const now = (await kind.current(work.tx, [id])).get(id) ?? null;
  if (now && edit.known === null)
    throw new Invalid([{ field: kind.key, message: kindText(language).taken(id) }]);
  if ((now?.version ?? null) !== edit.known)
    throw new Conflict('stale', 'somebody else has changed it meanwhile', { version: now?.version ?? null });
  const around = {
    city: await readCity(work.tx),
    buildings: await knownBuildings(work.tx, kind.buildingsOf?.(body) ?? []),
    assets: await knownAssets(work.tx, kind.assetsOf?.(body) ?? []),
    previous: now?.body ?? null,
    language,
  };
  const unreadable = new Set(faults.map(({ field }) => field));
  const all = [...faults, ...kind.faults(body, around).filter(({ field }) => !unreadable.has(field))];
  if (all.length) throw new Invalid(all);
  if (now && sameBody(now.body, body)) return { id, version: now.version };
  const version = (await lastVersion(work.tx, kind, id)) + 1;
  await kind.store(work, [{ id, body, version, previous: now?.body ?? null }]);
  await announce(work);
  await audit(work, {
    action: permission('data_write'),
    resource: `${kind.name}:${id}`,
    detail: { version },
  });
  await emit(work, 'contact-centre.data.changed', { kind: kind.name, id, version });
  return { id, version };
}

/**
 * Takes a thing out of use: it is offered no more, and its versions stay to be read. The same code may come back later.
 *
 * @param known the version that was looked at.
 * @throws Forbidden; NotFound, also of a kind whose things other data stand on; Conflict `stale`.
 */
export async function retireData(work: Work, kind: DataKind, id: string, known: number): Promise<void> {
  mustBeAble(work.actor, permission('data_write'));
  await oneAtATime(work, kind, id);
  const now = await readData(work.tx, kind, id);
  if (!kind.retire) throw new NotFound(kind.name);
  if (now.version !== known)
    throw new Conflict('stale', 'somebody else has changed it meanwhile', { version: now.version });
  await kind.retire(work, id);
  await announce(work);
  await audit(work, {
    action: permission('data_write'),
    resource: `${kind.name}:${id}`,
    detail: { retired: known },
  });
  await emit(work, 'contact-centre.data.changed', { kind: kind.name, id, version: known, retired: true });
}

async function oneAtATime(work: Work, kind: DataKind, id: string): Promise<void> {
  await work.tx.execute(
    sql`select pg_advisory_xact_lock(hashtextextended(${`cc-data ${kind.name} ${id}`}, 0))`,
  );
}

export const sameBody = (a: Body, b: Body): boolean => canonical(a as Json) === canonical(b as Json);

async function lastVersion(reader: Reader, kind: DataKind, id: string): Promise<number> {
  return (await kind.versions(reader, id))[0]?.version ?? 0;
}

/** The thing as it stands. @throws NotFound */
export async function readData(reader: Reader, kind: DataKind, id: string): Promise<DataVersion> {
  const found = (await kind.current(reader, [id])).get(id);
  if (!found) throw new NotFound(kind.name);
  return found;
}

export interface Listed {
  readonly rows: readonly { readonly id: string; readonly body: Body }[];
  readonly total: number;
}

/** A page of a kind's things; `typed` is looked for in all that they hold. */
export async function listData(
  reader: Reader,
  kind: DataKind,
  typed: string,
  page: { readonly limit: number; readonly offset: number },
): Promise<Listed> {
  const wanted = `%${typed
    .trim()
    .slice(0, 100)
    .replaceAll(/[\\%_]/g, '\\$&')}%`;
  const where = typed.trim() ? sql`where s.id ilike ${wanted} or s.body::text ilike ${wanted}` : sql``;
  const { rows: sums } = await reader.execute<{ n: number }>(
    sql`select count(*)::int as n from (${kind.source}) s ${where}`,
  );
  const { rows } = await reader.execute<{ id: string; body: Body }>(
    sql`select s.id, s.body from (${kind.source}) s ${where} order by s.sort, s.id limit ${page.limit} offset ${page.offset}`,
  );
  return { rows, total: sums[0]!.n };
}

/** The fields in which two versions differ, with both values. */
export function difference(
  kind: DataKind,
  before: Flat | Body,
  after: Flat | Body,
): { readonly field: string; readonly before: string; readonly after: string }[] {
  const [a, b] = [kind.flat(before), kind.flat(after)];
  return flatDifference(a, b);
}

export function flatDifference(
  a: Flat,
  b: Flat,
): { readonly field: string; readonly before: string; readonly after: string }[] {
  return [...new Set([...Object.keys(a), ...Object.keys(b)])]
    .map((field) => ({ field, before: a[field] ?? '', after: b[field] ?? '' }))
    .filter(({ before, after }) => before !== after);
}
