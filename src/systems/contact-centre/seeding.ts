import { sql } from 'drizzle-orm';
import type { Reader } from '#platform/database/pool.ts';
import { pointText, toMetres } from '#platform/geo/index.ts';
import type { Actor, Grant } from '#platform/work.ts';
import type { Position } from './city-data.ts';

/** Where the invented city of the tests lies. */
export const centre: Position = [35.046, 48.464];

/** Columns of cc_request as a test wants them; whatever is left out is an assigned, published request of today. */
export type Seed = Readonly<Record<string, unknown>> & { readonly lat?: number; readonly lon?: number };

let last = 0;
/** Eleven digits never given before in this file. */
export const nextNumber = (): string => String(26_000_000_000 + ++last);

/** Writes requests straight into the table, so that reads are tested apart from the moves; returns their numbers. */
export async function seedRequests(
  reader: Reader,
  seeds: readonly Seed[],
  around: Position = centre,
): Promise<string[]> {
  const rows = seeds.map((seed) => {
    const number = String(seed.number ?? nextNumber());
    const { lat, lon } = seed;
    const place = lat === undefined || lon === undefined ? null : pointText(toMetres(around, { lat, lon }));
    return {
      number,
      source: 'web',
      intake_key: number,
      payload_hash: 'hash',
      sandbox: false,
      regime: 'service',
      category: 'cold',
      category_version: 1,
      branch: 'heating',
      class: 'ordinary',
      text: `text of ${number}`,
      public_text: `public text of ${number}`,
      answers: [],
      address: 'вулиця Робоча, 12',
      public_address: 'вулиця Робоча',
      place,
      public_lat: lat,
      public_lon: lon,
      public_place: place,
      private: false,
      publication: 'published',
      duplicate_group: 'cold',
      nearby_until: 'infinity',
      state: 'assigned',
      version: 1,
      history_head: 'head',
      rework_count: 0,
      return_count: 0,
      reporters: 1,
      created_at: '2026-11-24T08:00:00Z',
      updated_at: '2026-11-24T08:00:00Z',
      ...seed,
    };
  });
  for (let i = 0; i < rows.length; i += 2000)
    await reader.execute(sql`insert into cc_request select r.* from
      jsonb_populate_recordset(null::cc_request, ${JSON.stringify(rows.slice(i, i + 2000))}::jsonb) r`);
  return rows.map((row) => row.number);
}

/** Writes rows of any table; every column without a default must be given. */
export async function seed(
  reader: Reader,
  table:
    | 'cc_reporter'
    | 'cc_attempt'
    | 'cc_clock'
    | 'cc_verification'
    | 'cc_message'
    | 'cc_photo'
    | 'cc_contact'
    | 'cc_message'
    | 'cc_history',
  rows: readonly Readonly<Record<string, unknown>>[],
): Promise<void> {
  for (const row of rows) {
    const columns = sql.join(
      Object.keys(row).map((column) => sql.identifier(column)),
      sql`, `,
    );
    await reader.execute(sql`insert into ${sql.identifier(table)} (${columns})
      select ${columns} from jsonb_populate_record(null::${sql.identifier(table)}, ${JSON.stringify(row)}::jsonb)`);
  }
}

/** Branches heating > pipes and roads, a leaf in each, two districts and three enterprises. */
export async function seedCity(reader: Reader): Promise<void> {
  const categories = [
    ['heating', { kind: 'branch', parent: null, name: { uk: 'Опалення', en: 'Heating' } }],
    ['pipes', { kind: 'branch', parent: 'heating', name: { uk: 'Труби', en: 'Pipes' } }],
    ['roads', { kind: 'branch', parent: null, name: { uk: 'Дороги', en: 'Roads' } }],
    ['cold', { kind: 'leaf', parent: 'heating', name: { uk: 'Холодно', en: 'Cold' } }],
    ['burst', { kind: 'leaf', parent: 'pipes', name: { uk: 'Прорив', en: 'Burst' } }],
    ['pothole', { kind: 'leaf', parent: 'roads', name: { uk: 'Яма', en: 'Pothole' } }],
  ] as const;
  for (const [code, body] of categories)
    await reader.execute(sql`insert into cc_category (code, version, body, valid_from)
      values (${code}, 1, ${JSON.stringify({ code, ...body })}::jsonb, '2026-01-01')`);
  for (const id of ['teplo', 'voda', 'shliah'])
    await reader.execute(sql`insert into cc_organisation (id, name, kind)
      values (${id}, ${JSON.stringify({ uk: `КП ${id}`, en: `ME ${id}` })}::jsonb, 'executor')`);
  for (const code of ['soborna', 'samara'])
    await reader.execute(sql`insert into cc_district (code, name)
      values (${code}, ${JSON.stringify({ uk: code, en: code })}::jsonb)`);
}

/** A member of staff who holds the permissions within each of the scopes. */
export function staff(
  permissions: readonly string[],
  scopes: readonly Partial<Pick<Grant, 'organisation' | 'district' | 'branch'>>[] = [{}],
  organisation: string | null = null,
): Actor {
  return {
    kind: 'staff',
    id: 'person-1',
    name: 'post',
    organisation,
    assurance: 1,
    grants: scopes.map((scope) => ({
      role: 'test',
      permissions: new Set(permissions),
      organisation: null,
      district: null,
      branch: null,
      ...scope,
    })),
  };
}

/** Repeatable randomness (mulberry32), so that a failing case can be looked at again. */
export function randomFrom(start: number): () => number {
  let state = start;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}
