import { type SQL, sql } from 'drizzle-orm';
import type { Reader } from '#platform/database/pool.ts';
import { totalOf } from '#platform/database/totals.ts';
import { near, type Point, toMetres } from '#platform/geo/index.ts';
import type { Language, Text } from '#platform/i18n/index.ts';
import { findAddress } from '../addresses.ts';
import { type City, categoryName, readCity } from '../city.ts';
import type { ClockKind, Position, RequestClass } from '../city-data.ts';
import type { Nearby } from '../duplicates.ts';
import { foundBy } from '../request-words.ts';
import type { Closing, State } from '../states.ts';
import { textOf } from './text.ts';

/** What a list tells of a request to everybody. */
export interface RequestCard {
  readonly number: string;
  readonly state: State;
  readonly closing: Closing | null;
  readonly category: string;
  readonly categoryName: string;
  readonly text: string | null;
  readonly address: string | null;
  readonly district: string | null;
  readonly districtName: string | null;
  readonly reporters: number;
  /** The first photo that everybody may see. */
  readonly photo: {
    readonly id: string;
    readonly kind: 'report' | 'before' | 'after' | 'veto';
    readonly width: number;
    readonly height: number;
  } | null;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** A request as everybody may see it. */
export interface PublicRequest extends RequestCard {
  readonly result: string | null;
  readonly class: RequestClass;
  readonly organisation: string | null;
  readonly organisationName: string | null;
  readonly lat: number | null;
  readonly lon: number | null;
  readonly due: Date | null;
  readonly planned: Date | null;
  readonly reworks: number;
  readonly source: string;
  readonly master: string | null;
  readonly note: string | null;
  readonly version: number;
  readonly closedAt: Date | null;
}

interface Row {
  [column: string]: unknown;
}

export const instant = (value: unknown): Date | null => (value ? new Date(String(value)) : null);
const word = (value: unknown): string | null =>
  value === null || value === undefined ? null : String(value);

/** What may be shown to everybody: published service requests, never sandbox or statutory ones. */
export const isPublic: SQL = sql`r.publication = 'published' and r.regime = 'service' and not r.sandbox`;

const cardColumns: SQL = sql`r.number, r.state, r.closing, r.category, r.category_version, r.public_text, r.public_address,
    r.district, r.reporters, r.created_at, r.updated_at`;
const columns: SQL = sql`${cardColumns}, r.result, r.class, r.organisation, r.public_lat, r.public_lon, r.fix_due, r.planned_for,
    r.rework_count, r.source, r.master, r.public_note, r.version, r.closed_at`;

/** The requests chosen by a query over `cc_request r`, each with its first photo that everybody may see. */
function shown(wanted: SQL, choose: SQL): SQL {
  return sql`with r as materialized (select ${wanted}, ${isPublic} as is_public ${choose}),
    p as (select distinct on (request) request, id, kind, width, height from cc_photo
      where public and request = any(array(select number from r where is_public)) order by request, at, id)
    select r.*, p.id as photo, p.kind as photo_kind, p.width as photo_width, p.height as photo_height
    from r left join p on p.request = r.number`;
}

/** Cards in the order of the rows, with the names that the city gives to what they refer to. */
async function cardsFrom(
  db: Reader,
  language: Language,
  ask: Promise<{ readonly rows: readonly Row[] }>,
): Promise<RequestCard[]> {
  const [city, { rows }] = await Promise.all([readCity(db), ask]);
  return rows.map((row) => toCard(row, city, language));
}

/** The one request that fits, whole. */
async function requestFrom(db: Reader, language: Language, condition: SQL): Promise<PublicRequest | null> {
  const asked = db.execute<Row>(shown(columns, sql`from cc_request r where ${condition}`));
  const [city, { rows }] = await Promise.all([readCity(db), asked]);
  return rows[0] ? toRequest(rows[0], city, language) : null;
}

function toCard(row: Row, city: City, language: Language): RequestCard {
  return {
    number: String(row.number),
    state: row.state as State,
    closing: row.closing as Closing | null,
    category: String(row.category),
    categoryName: categoryName(city, row, language),
    text: word(row.public_text),
    address: word(row.public_address),
    district: word(row.district),
    districtName: city.districts.find(({ code }) => code === row.district)?.name[language] ?? null,
    reporters: Number(row.reporters),
    photo:
      row.photo === null
        ? null
        : {
            id: String(row.photo),
            kind: row.photo_kind as 'report',
            width: Number(row.photo_width ?? 4),
            height: Number(row.photo_height ?? 3),
          },
    createdAt: instant(row.created_at)!,
    updatedAt: instant(row.updated_at)!,
  };
}

function toRequest(row: Row, city: City, language: Language): PublicRequest {
  return {
    ...toCard(row, city, language),
    result: word(row.result),
    class: row.class as RequestClass,
    organisation: word(row.organisation),
    organisationName: city.known.organisations.get(String(row.organisation))?.name[language] ?? null,
    lat: row.public_lat === null ? null : Number(row.public_lat),
    lon: row.public_lon === null ? null : Number(row.public_lon),
    due: instant(row.fix_due),
    planned: instant(row.planned_for),
    reworks: Number(row.rework_count),
    source: String(row.source),
    master: word(row.master),
    note: word(row.public_note),
    version: Number(row.version),
    closedAt: instant(row.closed_at),
  };
}

export interface ListFilter {
  readonly q?: string;
  readonly state?: string;
  readonly branch?: string;
  readonly district?: string;
  readonly organisation?: string;
  readonly overdueAt?: Date;
  /** Registered from then on. */
  readonly since?: Date;
  /** Registered before then. */
  readonly before?: Date;
  /** Part of the map, by the published places; `centre` is that of the city. */
  readonly box?: {
    readonly west: number;
    readonly south: number;
    readonly east: number;
    readonly north: number;
    readonly centre: Position;
  };
}

function where(filter: ListFilter): SQL {
  const parts: SQL[] = [isPublic];
  if (filter.state === 'open') parts.push(sql`r.state not in ('closed', 'merged')`);
  else if (filter.state?.startsWith('closed:')) parts.push(sql`r.closing = ${filter.state.slice(7)}`);
  else if (filter.state) parts.push(sql`r.state = ${filter.state}`);
  if (filter.branch) parts.push(sql`(r.branch = ${filter.branch} or r.category = ${filter.branch})`);
  if (filter.district) parts.push(sql`r.district = ${filter.district}`);
  if (filter.organisation) parts.push(sql`r.organisation = ${filter.organisation}`);
  if (filter.overdueAt)
    parts.push(
      sql`r.state not in ('closed', 'merged', 'claimed') and r.fix_due < ${filter.overdueAt.toISOString()}`,
    );
  if (filter.since) parts.push(sql`r.created_at >= ${filter.since.toISOString()}::timestamptz`);
  if (filter.before) parts.push(sql`r.created_at < ${filter.before.toISOString()}::timestamptz`);
  if (filter.box) {
    const { west, south, east, north, centre } = filter.box;
    const low = toMetres(centre, { lon: west, lat: south });
    const high = toMetres(centre, { lon: east, lat: north });
    parts.push(sql`r.public_place <@ ${`(${low.x},${low.y}),(${high.x},${high.y})`}::box`);
  }
  if (filter.q) parts.push(foundBy(filter.q));
  return sql.join(parts, sql` and `);
}

/** One page of the public list, newest first, with the count of everything that fits. */
export async function listRequests(
  db: Reader,
  language: Language,
  filter: ListFilter,
  limit: number,
  offset: number,
): Promise<{ rows: RequestCard[]; total: number }> {
  const condition = where(filter);
  const counted = async () => {
    const { rows } = await db.execute<Row>(
      sql`select count(*)::int as total from cc_request r where ${condition}`,
    );
    return Number(rows[0]!.total);
  };
  const [rows, total] = await Promise.all([
    cardsFrom(
      db,
      language,
      db.execute<Row>(sql`select * from (${shown(
        cardColumns,
        sql`from cc_request r where ${condition}
        order by r.created_at desc, r.number desc limit ${limit} offset ${offset}`,
      )}) page
        order by created_at desc, number desc`),
    ),
    totalOf(db, `cc_request ${JSON.stringify(filter)}`, counted),
  ]);
  return { rows, total };
}

/** Category and address of published requests, by number: what a pin of the map is called. */
export async function labelsOf(
  db: Reader,
  language: Language,
  numbers: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const found = await requestsOf(db, language, numbers);
  return new Map(
    found.map((one) => [one.number, [one.categoryName, one.address].filter(Boolean).join(', ')]),
  );
}

/** Published requests by number, in the order asked for. */
export async function requestsOf(
  db: Reader,
  language: Language,
  numbers: readonly string[],
): Promise<RequestCard[]> {
  if (numbers.length === 0) return [];
  const found = await cardsFrom(
    db,
    language,
    db.execute<Row>(
      shown(
        cardColumns,
        sql`from cc_request r where ${isPublic}
          and r.number in (select jsonb_array_elements_text(${JSON.stringify(numbers)}::jsonb))`,
      ),
    ),
  );
  const byNumber = new Map(found.map((one) => [one.number, one]));
  return numbers.flatMap((number) => byNumber.get(number) ?? []);
}

export async function publicRequest(
  db: Reader,
  language: Language,
  number: string,
): Promise<PublicRequest | null> {
  return requestFrom(db, language, sql`r.number = ${number} and ${isPublic}`);
}

/** The same for one who came with a link of their own: also what is not published. */
export async function ownRequest(
  db: Reader,
  language: Language,
  number: string,
): Promise<PublicRequest | null> {
  return requestFrom(db, language, sql`r.number = ${number} and not r.sandbox`);
}

export interface HistoryEntry {
  readonly seq: number;
  readonly at: Date;
  readonly move: string;
  readonly to: State;
  readonly who: string | null;
  readonly note: string | null;
}

/** What happened, oldest first. People are shown by their post, residents as such. */
export async function historyOf(db: Reader, number: string): Promise<HistoryEntry[]> {
  const { rows } = await db.execute<Row>(
    sql`select seq, at, move, to_state, actor, public_note from cc_history where request = ${number} order by seq`,
  );
  return rows.map((row) => {
    const actor = (row.actor ?? {}) as { kind?: string; name?: string };
    return {
      seq: Number(row.seq),
      at: instant(row.at)!,
      move: String(row.move),
      to: row.to_state as State,
      who: actor.kind === 'staff' ? (actor.name ?? null) : null,
      note: word(row.public_note),
    };
  });
}

export interface ClockRow {
  readonly kind: ClockKind;
  readonly startedAt: Date;
  readonly due: Date;
  readonly stoppedAt: Date | null;
  readonly pausedAt: Date | null;
  readonly breachedAt: Date | null;
  readonly explanation: unknown;
}

export async function clocksOf(db: Reader, number: string): Promise<ClockRow[]> {
  const { rows } = await db.execute<Row>(
    sql`select kind, started_at, due, stopped_at, paused_at, breached_at, explanation from cc_clock
      where request = ${number} order by due`,
  );
  return rows.map((row) => ({
    kind: row.kind as ClockKind,
    startedAt: instant(row.started_at)!,
    due: instant(row.due)!,
    stoppedAt: instant(row.stopped_at),
    pausedAt: instant(row.paused_at),
    breachedAt: instant(row.breached_at),
    explanation: row.explanation,
  }));
}

export interface IntervalRow {
  readonly kind: string;
  readonly why: string;
  readonly from: Date;
  readonly to: Date | null;
  readonly dueBefore: Date;
  readonly dueAfter: Date | null;
  readonly note: string | null;
}

export async function intervalsOf(db: Reader, number: string): Promise<IntervalRow[]> {
  const { rows } = await db.execute<Row>(
    sql`select kind, why, from_at, to_at, due_before, due_after, note from cc_clock_interval
      where request = ${number} order by from_at`,
  );
  return rows.map((row) => ({
    kind: String(row.kind),
    why: String(row.why),
    from: instant(row.from_at)!,
    to: instant(row.to_at),
    dueBefore: instant(row.due_before)!,
    dueAfter: instant(row.due_after),
    note: word(row.note),
  }));
}

export interface Named {
  readonly code: string;
  readonly name: string;
}

const inUkrainian = new Intl.Collator('uk').compare;
const byName = (a: { name: Text }, b: { name: Text }) => inUkrainian(a.name.uk, b.name.uk);

export async function districtsOf(db: Reader, language: Language): Promise<Named[]> {
  const { districts } = await readCity(db);
  return districts.toSorted(byName).map(({ code, name }) => ({ code, name: name[language] }));
}

/** In the order of the tree. */
export async function branchesOf(db: Reader, language: Language): Promise<Named[]> {
  const { branches } = await readCity(db);
  return [...branches.values()].map(({ code, name }) => ({ code, name: name[language] }));
}

/** To choose whose requests to look at: those that are active no more stand last, for their old requests stay. */
export async function organisationsOf(
  db: Reader,
  language: Language,
): Promise<(Named & { readonly active: boolean })[]> {
  const { known } = await readCity(db);
  const { notActive } = textOf(language);
  return [...known.organisations.values()]
    .toSorted((a, b) => Number(b.active) - Number(a.active) || byName(a, b))
    .map(({ id, name, active }) => ({
      code: id,
      name: active ? name[language] : `${name[language]} (${notActive})`,
      active,
    }));
}

export interface BuildingChoice {
  readonly id: string;
  readonly address: string;
  readonly lat: number;
  readonly lon: number;
}

/** Buildings that a typed address may mean, the likeliest first; one of which there is no doubt comes alone. */
export async function findBuildings(db: Reader, typed: string): Promise<readonly BuildingChoice[]> {
  const { building, confidence, alternatives } = await findAddress(db, typed);
  return building && confidence === 'high' ? [building] : alternatives;
}

/** The nearest building to a point of the map, when one is close enough to name it. */
export async function nearestBuilding(
  db: Reader,
  centre: Position,
  point: Point,
): Promise<(BuildingChoice & { metres: number }) | null> {
  const { where, distance, order } = near(sql`place`, toMetres(centre, point), 150);
  const { rows } = await db.execute<Row>(
    sql`select id, address, lat, lon, ${distance} as metres from cc_building where ${where} order by ${order} limit 1`,
  );
  const row = rows[0];
  if (!row) return null;
  return {
    id: String(row.id),
    address: String(row.address),
    lat: Number(row.lat),
    lon: Number(row.lon),
    metres: Number(row.metres),
  };
}

/** Reports of any kind close to a point: what neighbours may mean before a category is chosen. */
export async function reportsAround(
  db: Reader,
  input: { point: { lat: number; lon: number }; centre: Position; now: Date; radius: number; limit: number },
): Promise<Nearby[]> {
  const { where, distance } = near(sql`r.public_place`, toMetres(input.centre, input.point), input.radius);
  const { rows } = await db.execute<Row>(
    sql`select r.number, r.state, r.closing, r.category, r.reporters, r.created_at, r.public_text, r.public_address,
        ${distance} as distance,
        (select p.id from cc_photo p where p.request = r.number and p.public order by p.at, p.id limit 1) as photo
      from cc_request r
      where ${where} and ${isPublic} and not r.private
        and r.state <> 'merged' and r.nearby_until > ${input.now.toISOString()}::timestamptz
      order by distance, r.number limit ${input.limit}`,
  );
  return rows.map((row) => ({
    number: String(row.number),
    state: row.state as State,
    closing: row.closing as Closing | null,
    category: String(row.category),
    text: word(row.public_text),
    address: word(row.public_address),
    distance: Number(row.distance),
    createdAt: instant(row.created_at)!,
    age: input.now.getTime() - instant(row.created_at)!.getTime(),
    photo: word(row.photo),
    reporters: Number(row.reporters),
  }));
}

export interface Figures {
  readonly open: number;
  readonly today: number;
  readonly confirmed: number;
  readonly total: number;
}

export async function figures(db: Reader, now: Date): Promise<Figures> {
  const at = now.toISOString();
  const { rows } = await db.execute<Row>(
    // Each from an index that holds all it asks: one walk over every row would take seconds in a large city.
    sql`select (select count(*) from cc_request where state not in ('closed', 'merged', 'in_event') and not sandbox)
        + (select count(*) from cc_request where event is not null and not sandbox) as open,
      (select count(*) from cc_request where created_at > ${at}::timestamptz - interval '1 day' and not sandbox) as today,
      (select count(*) from cc_request where closing = 'confirmed' and closed_at > ${at}::timestamptz - interval '30 days'
        and closed_at is not null and not sandbox) as confirmed,
      (select count(*) from cc_request where not sandbox) as total`,
  );
  const row = rows[0]!;
  return {
    open: Number(row.open),
    today: Number(row.today),
    confirmed: Number(row.confirmed),
    total: Number(row.total),
  };
}

export const inLanguage = (text: Text | null | undefined, language: Language): string =>
  text?.[language] ?? text?.uk ?? '';
