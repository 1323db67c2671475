import { sql } from 'drizzle-orm';
import { instantAt } from '#platform/calendar/index.ts';
import type { Reader } from '#platform/database/pool.ts';
import { areaAt, isNearCity, type Point, pointText, toMetres } from '#platform/geo/index.ts';
import type { Work } from '#platform/work.ts';
import { findAddress } from '../addresses.ts';
import { type City, type CurrentLeaf, readCity } from '../city.ts';
import { startClocks } from '../clocks.ts';
import { entryHash, type HistoryEntry, historyActor } from '../history.ts';
import { newNumber } from '../number.ts';
import { mask, publicPlace } from '../publication.ts';
import { newId, sealReporter, sealRequest } from '../sealing.ts';
import type { HistoryMove, State } from '../states.ts';
import { isPhone, present, reader } from './fields.ts';
import type { Body, DataKind, DataVersion, Entry } from './kind.ts';

/** A request of another system, or one that the government line passed on, as a row of a file tells it. */
interface OldRequest {
  readonly id: string;
  readonly registered: string;
  readonly closed?: string;
  /** Code or name of the category. */
  readonly category: string;
  readonly text: string;
  readonly address?: string;
  readonly building?: string;
  readonly lat?: number;
  readonly lon?: number;
  readonly flat?: string;
  /** Id or name of who did it. */
  readonly organisation?: string;
  readonly answer?: string;
  readonly name?: string;
  readonly phone?: string;
  readonly email?: string;
}

/** Fields that a column may fill, in the order of the page. */
export const oldRequestFields = [
  'id',
  'registered',
  'closed',
  'category',
  'text',
  'address',
  'building',
  'lat',
  'lon',
  'flat',
  'organisation',
  'answer',
  'name',
  'phone',
  'email',
] as const;

/**
 * Requests that a file brings: closed ones as history, open ones into triage, where an operator or the previewed moving of open
 * requests finds who does them. Nobody gets a letter about it. One that is there already is known, whatever the file says now.
 *
 * @param source they are kept under, beside the number that they had there: 1545 or import.
 */
export function oldRequests(name: string, source: '1545' | 'import'): DataKind {
  return {
    name,
    key: 'id',
    once: true,
    source: sql`select intake_key as id, '{}'::jsonb as body, intake_key as sort from cc_request where source = ${source}`,
    flat: () => ({}),
    body(flat, language) {
      const read = reader(flat, language);
      const body = present({
        id: read.text('id'),
        registered: instantIn(read.text('registered')),
        closed: instantIn(read.text('closed')),
        category: read.text('category'),
        text: read.text('text'),
        address: read.text('address'),
        building: read.text('building'),
        lat: read.text('lat') ? read.decimal('lat') : undefined,
        lon: read.text('lon') ? read.decimal('lon') : undefined,
        flat: read.text('flat'),
        organisation: read.text('organisation'),
        answer: read.text('answer'),
        name: read.text('name'),
        phone: read.text('phone'),
        email: read.text('email'),
      });
      for (const field of ['registered', 'closed'] as const)
        if (read.text(field) && !body[field]) read.fault(field, read.t.moment);
      return { body, faults: read.faults };
    },
    faults(body, { city, buildings, language }) {
      const one = body as unknown as OldRequest;
      const { faults, fault, t } = reader({}, language);
      for (const field of ['id', 'registered', 'category', 'text'] as const)
        if (!one[field]) fault(field, t.fill);
      if ((one.id?.length ?? 0) > 100) fault('id', t.tooLong(100));
      if ([...(one.text ?? '')].length > 4_000) fault('text', t.tooLong(4_000));
      if (one.category && !leafOf(city, one.category)) fault('category', t.noCategory(one.category));
      if (one.organisation && !organisationOf(city, one.organisation))
        fault('organisation', t.noOrganisation(one.organisation));
      if (one.building && !buildings.has(one.building)) fault('building', t.noBuilding(one.building));
      if (one.closed && one.registered && one.closed < one.registered) fault('closed', t.dates);
      if ((one.lat === undefined) !== (one.lon === undefined)) fault('lat', t.latitude);
      else if (one.lat !== undefined && !isNearCity(city.settings, { lat: one.lat, lon: one.lon! }))
        fault('lat', t.outside);
      if (one.lat === undefined && !one.building && !one.address) fault('address', t.fill);
      if (one.phone && !isPhone(one.phone)) fault('phone', t.phone);
      return faults;
    },
    buildingsOf: (body) => (typeof body.building === 'string' ? [body.building] : []),
    async current(from, ids) {
      const { rows } = await from.execute<{ id: string; at: string }>(sql`
        select intake_key as id, created_at as at from cc_request where source = ${source}
          and intake_key in (select value from jsonb_array_elements_text(${JSON.stringify(ids)}::jsonb))`);
      const known = ({ id, at }: { id: string; at: string }): [string, DataVersion] => [
        id,
        { version: 1, body: {}, author: source, at: new Date(at) },
      ];
      return new Map(rows.map(known));
    },
    async versions(from, id) {
      return [...(await this.current(from, [id])).values()];
    },
    store: (work, entries) => storeOld(work, source, entries),
  };
}

/** `2025-03-01`, `01.03.2025`, each also with a time: local. What cannot be read is undefined. */
function instantIn(typed: string): string | undefined {
  const found =
    /^(?:(\d{4})-(\d{2})-(\d{2})|(\d{1,2})\.(\d{1,2})\.(\d{4}))(?:[ T,]+(\d{1,2}):(\d{2})(?::\d{2})?)?$/.exec(
      typed,
    );
  if (!found) return undefined;
  const [, y, m, d, day, month, year, hour = '0', minute = '00'] = found;
  const date = y ? `${y}-${m}-${d}` : `${year}-${month!.padStart(2, '0')}-${day!.padStart(2, '0')}`;
  const real = new Date(`${date}T00:00:00Z`);
  if (Number.isNaN(real.getTime()) || !real.toISOString().startsWith(date)) return undefined;
  if (Number(hour) > 23 || Number(minute) > 59) return undefined;
  return instantAt(date, `${hour.padStart(2, '0')}:${minute}`).toISOString();
}

function leafOf(city: City, typed: string): CurrentLeaf | undefined {
  const plain = typed.toLowerCase();
  return (
    city.leaves.get(typed) ??
    [...city.leaves.values()].find(({ leaf }) =>
      [leaf.number, leaf.name.uk, leaf.name.en].some((name) => name.toLowerCase() === plain),
    )
  );
}

function organisationOf(city: City, typed: string): string | null {
  const plain = typed.toLowerCase();
  const found =
    city.known.organisations.get(typed) ??
    [...city.known.organisations.values()].find(({ name }) =>
      [name.uk, name.en].some((one) => one.toLowerCase() === plain),
    );
  return found?.id ?? null;
}

interface House extends Record<string, unknown>, Point {
  readonly id: string;
  readonly address: string;
  readonly street: string;
  readonly district: string;
}

async function storeOld(work: Work, source: string, entries: readonly Entry[]): Promise<void> {
  const city = await readCity(work.tx);
  const numbers = await freshNumbers(work, entries);
  // Many rows of a file tell of the same houses.
  const houses = new Map<string, House | null>();
  const requests: object[] = [];
  const reporters: object[] = [];
  const histories: object[] = [];
  const clocks: object[] = [];
  for (const [index, entry] of entries.entries()) {
    const one = entry.body as unknown as OldRequest;
    const number = numbers[index]!;
    const place = JSON.stringify([one.building, one.address, one.lat]);
    if (!houses.has(place)) houses.set(place, await houseOf(work.tx, one));
    const house = houses.get(place) ?? null;
    const told = toldBy(work, city, source, { ...one, id: entry.id }, number, house);
    requests.push(told.request);
    reporters.push(told.reporter);
    histories.push(...told.history);
    clocks.push(...told.clocks);
  }
  const insert = (
    table: 'cc_request' | 'cc_reporter' | 'cc_history' | 'cc_clock',
    rows: readonly object[],
  ) => {
    if (rows.length === 0) return;
    const columns = sql.join(
      Object.keys(rows[0]!).map((column) => sql.identifier(column)),
      sql`, `,
    );
    return work.tx.execute(sql`insert into ${sql.identifier(table)} (${columns})
      select ${columns} from jsonb_populate_recordset(null::${sql.identifier(table)}, ${JSON.stringify(rows)}::jsonb)`);
  };
  await insert('cc_request', requests);
  await insert('cc_reporter', reporters);
  await insert('cc_history', histories);
  await insert('cc_clock', clocks);
}

/** The row, its reporter, its history and its clocks. Closed ones keep who did them in the history alone: no figure counts them. */
function toldBy(
  work: Work,
  city: City,
  source: string,
  one: OldRequest,
  number: string,
  house: House | null,
) {
  const { leaf, version, branches } = leafOf(city, one.category)!;
  const now = work.clock.now();
  const registered = new Date(one.registered);
  const closed = one.closed ? new Date(one.closed) : null;
  const point = one.lat === undefined ? house : { lat: one.lat, lon: one.lon! };
  const address = house?.address ?? one.address ?? null;
  const shown = publicPlace(leaf.precision ?? 'exact', {
    lat: point?.lat ?? null,
    lon: point?.lon ?? null,
    address,
    street: house?.street ?? null,
  });
  const hidden = leaf.visibility === 'private' || leaf.regime === 'statutory';
  const publication = hidden ? 'hidden' : leaf.visibility === 'moderated' ? 'awaiting' : 'published';
  const text = mask(one.text);
  const answer = one.answer ? mask(one.answer) : null;
  const metres = (at: { lat: number | null; lon: number | null }) =>
    at.lat === null || at.lon === null
      ? null
      : pointText(toMetres(city.settings.centre, { lat: at.lat, lon: at.lon }));
  // What is still open is counted from today: nobody here could act before.
  const started = closed
    ? []
    : startClocks(
        {
          class: leaf.class,
          regime: 'service',
          leaf,
          ruleTerms: null,
          cityTerms: city.settings.classTerms,
          calendar: city.calendar,
          law: city.law,
        },
        now,
      );
  const entryOf = (
    seq: number,
    at: Date,
    move: HistoryMove,
    [from, to]: readonly [State | null, State],
    more: Pick<HistoryEntry, 'data' | 'note' | 'prev'>,
  ): HistoryEntry => ({
    request: number,
    seq,
    at: at.toISOString(),
    move,
    from,
    to,
    actor: historyActor(work.actor),
    ...more,
  });
  const first = entryOf(1, registered, 'register', [null, 'registered'], {
    data: { source, category: leaf.code, version, class: leaf.class, before: one.id },
    note: null,
    prev: null,
  });
  const last = entryOf(2, closed ?? now, 'import', ['registered', closed ? 'closed' : 'triage'], {
    data: { organisation: one.organisation ? organisationOf(city, one.organisation) : null },
    note: answer,
    prev: entryHash(first),
  });
  const due = (started.find(({ kind }) => kind === 'fix') ?? started.find(({ kind }) => kind === 'answer'))
    ?.due;
  const nextDue = started.length ? new Date(Math.min(...started.map((clock) => clock.due.getTime()))) : null;
  const reporterId = newId(now);
  return {
    request: {
      number,
      source,
      intake_key: one.id,
      payload_hash: work.secrets.blind('payload', JSON.stringify(one)),
      sandbox: false,
      regime: 'service',
      category: leaf.code,
      category_version: version,
      branch: branches.at(-1) ?? '',
      class: leaf.class,
      text,
      public_text: publication === 'hidden' ? null : text,
      answers: [],
      building: house?.id ?? null,
      address: house ? house.address : address && mask(address),
      public_address: shown.address,
      district: house?.district ?? (point ? (areaAt(city.districts, point)?.code ?? null) : null),
      lat: point?.lat ?? null,
      lon: point?.lon ?? null,
      place: metres({ lat: point?.lat ?? null, lon: point?.lon ?? null }),
      public_lat: shown.lat,
      public_lon: shown.lon,
      public_place: metres(shown),
      private: false,
      publication,
      duplicate_group: leaf.clusterGroup ?? leaf.code,
      nearby_until: closed ? new Date(closed.getTime() + 14 * 86_400_000).toISOString() : 'infinity',
      state: last.to,
      closing: closed ? 'unverified' : null,
      version: 2,
      history_head: entryHash(last),
      rework_count: 0,
      return_count: 0,
      reporters: 1,
      public_note: answer,
      next_due: nextDue?.toISOString() ?? null,
      fix_due: due?.toISOString() ?? null,
      created_at: registered.toISOString(),
      updated_at: (closed ?? now).toISOString(),
      closed_at: closed?.toISOString() ?? null,
      ...sealRequest(work.secrets, number, {
        text: one.text,
        flat: one.flat,
        address: house || !address || mask(address) === address ? null : address,
        answers: undefined,
      }),
    },
    reporter: {
      id: reporterId,
      request: number,
      channel: source,
      language: 'uk',
      // They have been told by whoever took the request then.
      notify: false,
      confirmed: false,
      lead: true,
      missed_calls: 0,
      joined_at: registered.toISOString(),
      ...sealReporter(work.secrets, reporterId, {
        name: one.name ?? null,
        phone: one.phone ?? null,
        email: one.email ?? null,
      }),
    },
    history: [first, last].map((entry) => ({
      request: number,
      seq: entry.seq,
      at: entry.at,
      move: entry.move,
      from_state: entry.from,
      to_state: entry.to,
      actor: entry.actor,
      data: entry.data,
      public_note: entry.note,
      prev: entry.prev,
      hash: entryHash(entry),
    })),
    clocks: started.map((clock) => ({
      request: number,
      kind: clock.kind,
      started_at: clock.startedAt.toISOString(),
      due: clock.due.toISOString(),
      warn_at: clock.warnAt.toISOString(),
      explanation: clock.explanation,
    })),
  };
}

/** The house by its id, or by an address that leaves no doubt. */
async function houseOf(from: Reader, one: OldRequest): Promise<House | null> {
  const found =
    one.building || one.lat !== undefined || !one.address ? null : await findAddress(from, one.address);
  const id = one.building ?? (found?.confidence === 'high' ? found.building?.id : undefined);
  if (!id) return null;
  const { rows } = await from.execute<House>(
    sql`select id, address, street, district, lat, lon from cc_building where id = ${id}`,
  );
  return rows[0] ?? null;
}

/** Numbers of the year in which each was registered, none of them given before. */
async function freshNumbers(work: Work, entries: readonly Entry[]): Promise<string[]> {
  const draw = ({ body }: { readonly body: Body }) => newNumber(new Date(String(body.registered)));
  const numbers = entries.map(draw);
  for (;;) {
    const { rows } = await work.tx.execute<{ number: string }>(sql`select number from cc_request
      where number in (select value from jsonb_array_elements_text(${JSON.stringify(numbers)}::jsonb))`);
    const taken = new Set(rows.map(({ number }) => number));
    const again = numbers.flatMap((number, index) =>
      taken.has(number) || numbers.indexOf(number) < index ? [index] : [],
    );
    if (again.length === 0) return numbers;
    for (const index of again) numbers[index] = draw(entries[index]!);
  }
}
