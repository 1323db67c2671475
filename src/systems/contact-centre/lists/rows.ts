import { type SQL, sql } from 'drizzle-orm';
import type { Reader } from '#platform/database/pool.ts';
import type { Text } from '#platform/i18n/index.ts';
import type { Actor, Work } from '#platform/work.ts';
import type { Regime, RequestClass } from '../city-data.ts';
import { permission } from '../permissions.ts';
import { scopeWhere } from '../scope.ts';
import { openReporter } from '../sealing.ts';
import type { Closing, State } from '../states.ts';

/** What every desk list tells of a request. */
export interface DeskRow {
  readonly number: string;
  readonly state: State;
  readonly closing: Closing | null;
  readonly version: number;
  readonly class: RequestClass;
  readonly regime: Regime;
  readonly category: string;
  readonly categoryName: Text | null;
  readonly branch: string;
  /** Masked: for those who may read it there at once, for others once a moderator has let it out; null until then. */
  readonly text: string | null;
  readonly address: string | null;
  readonly building: string | null;
  readonly district: string | null;
  readonly lat: number | null;
  readonly lon: number | null;
  readonly organisation: string | null;
  readonly organisationName: Text | null;
  readonly unit: string | null;
  readonly crew: string | null;
  readonly source: string;
  readonly private: boolean;
  readonly reporters: number;
  readonly reworks: number;
  readonly returns: number;
  readonly master: string | null;
  readonly due: Date | null;
  readonly planned: Date | null;
  readonly windowUntil: Date | null;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  readonly closedAt: Date | null;
}

/** Part of a list; `next` is what asks for the part after it, where a list is paged and there is more. */
export interface Listed<Row> {
  readonly rows: readonly Row[];
  readonly more: boolean;
  readonly next: string | null;
}

export interface Page {
  /** `next` of the page before. */
  readonly after?: string | null;
  /** 50 unless told, 200 at most. */
  readonly limit?: number;
}

/** One request as desks see it; null when there is none, or none that the actor may know of. */
export async function deskRequest(reader: Reader, actor: Actor, number: string): Promise<DeskRow | null> {
  const { rows } = await reader.execute<Raw>(sql`select ${columns(actor)} from cc_request r ${joins}
    where r.number = ${number} and not r.sandbox and ${scopeWhere(actor, permission('read_desk'))}`);
  return rows[0] ? toDesk(rows[0]) : null;
}

export const hour = 3_600_000;
export const iso = (milliseconds: number): string => new Date(milliseconds).toISOString();

export type Raw = Record<string, unknown>;

export function callable(work: Work, row: Raw): { name: string | null; phone: string | null } {
  const { name, phone } = openReporter(work.secrets, { ...row, id: row.reporter }) ?? {};
  return { name: name ?? null, phone: phone ?? null };
}
export const seenIn = (row: Raw) => ({ id: String(row.reporter), person: word(row.person) });

export const joins = sql`left join cc_category c on c.code = r.category and c.version = r.category_version
  left join cc_organisation o on o.id = r.organisation`;

/** With nobody to ask about, words and addresses are the masked ones. */
export function columns(actor: Actor | null): SQL {
  const open = actor ? scopeWhere(actor, permission('read_private')) : sql`false`;
  return sql`r.number, r.state, r.closing, r.version, r.class, r.regime, r.category, r.branch, c.body->'name' as category_name,
    case when ${open} then r.text else r.public_text end as text,
    case when ${open} then r.address else r.public_address end as address,
    case when ${open} then r.lat else r.public_lat end as lat,
    case when ${open} then r.lon else r.public_lon end as lon,
    r.building, r.district, r.organisation, o.name as organisation_name, r.unit, r.crew, r.source, r.private,
    r.reporters, r.rework_count, r.return_count, r.master, r.next_due, r.planned_for, r.window_until, r.created_at,
    r.updated_at, r.closed_at`;
}

export function toDesk(row: Raw): DeskRow {
  return {
    number: String(row.number),
    state: row.state as State,
    closing: row.closing as Closing | null,
    version: Number(row.version),
    class: row.class as RequestClass,
    regime: row.regime as Regime,
    category: String(row.category),
    categoryName: (row.category_name ?? null) as Text | null,
    branch: String(row.branch),
    text: word(row.text),
    address: word(row.address),
    building: word(row.building),
    district: word(row.district),
    lat: row.lat === null ? null : Number(row.lat),
    lon: row.lon === null ? null : Number(row.lon),
    organisation: word(row.organisation),
    organisationName: (row.organisation_name ?? null) as Text | null,
    unit: word(row.unit),
    crew: word(row.crew),
    source: String(row.source),
    private: row.private === true,
    reporters: Number(row.reporters),
    reworks: Number(row.rework_count),
    returns: Number(row.return_count),
    master: word(row.master),
    due: instant(row.next_due),
    planned: instant(row.planned_for),
    windowUntil: instant(row.window_until),
    createdAt: instant(row.created_at)!,
    updatedAt: instant(row.updated_at)!,
    closedAt: instant(row.closed_at),
  };
}

export function listed<Row>(rows: readonly Raw[], limit: number, shape: (row: Raw) => Row): Listed<Row> {
  const more = rows.length > limit;
  const kept = more ? rows.slice(0, limit) : rows;
  const last = kept.at(-1);
  return {
    rows: kept.map(shape),
    more,
    next:
      more && last && 'key' in last
        ? writeCursor(word(last.key), String(last.number), word(last.twin))
        : null,
  };
}

export const word = (value: unknown): string | null =>
  value === null || value === undefined ? null : String(value);
export const instant = (value: unknown): Date | null => (value ? new Date(String(value)) : null);
export const left = (due: unknown, now: Date): number | null =>
  due ? new Date(String(due)).getTime() - now.getTime() : null;
export const textArray = (values: readonly string[]): SQL =>
  sql`array(select jsonb_array_elements_text(${JSON.stringify(values)}::jsonb))`;

export function limitOf(page: Page): number {
  return Math.min(Math.max(Math.floor(page.limit ?? 50), 1), 200);
}

/** `twin` tells apart rows of one request, where a list has several. */
function writeCursor(key: string | null, number: string, twin: string | null): string {
  return Buffer.from(JSON.stringify(twin ? [key, number, twin] : [key, number])).toString('base64url');
}

const timestamp = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d+)?[+-]\d\d(:\d\d)?$/;

/** A cursor that nobody here made starts the list anew. */
export function readCursor(after: string | null | undefined): [string | null, string, string] | null {
  if (!after) return null;
  try {
    const [key, number, twin = ''] = JSON.parse(Buffer.from(after, 'base64url').toString()) as unknown[];
    if (typeof number !== 'string' || !/^\d{11}$/.test(number) || typeof twin !== 'string') return null;
    if (key === null) return [null, number, twin];
    return typeof key === 'string' && timestamp.test(key) ? [key, number, twin] : null;
  } catch {
    return null;
  }
}

export function afterCreated(page: Page): SQL {
  const cursor = readCursor(page.after);
  return cursor?.[0]
    ? sql`(r.created_at, r.number) > (${cursor[0]}::timestamptz, ${cursor[1]}::text)`
    : sql`true`;
}
