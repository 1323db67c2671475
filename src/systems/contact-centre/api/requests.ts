import { type SQL, sql } from 'drizzle-orm';
import { foundBy } from '../request-words.ts';
import { type Answer, type Call, nextLink, readCursor, writeCursor } from './call.ts';
import { absent, Faults } from './errors.ts';
import { extensionsOf } from './extensions.ts';
import { readKey } from './keys.ts';
import { readRows, requestRecord, visibleTo } from './records.ts';

const day = 86_400_000;
/** Ninety days, and the hour by which a change of clocks lengthens them. */
const window = 90 * day + 3_600_000;
const most = 1_000;
const deepest = 10_000;
const mostIds = 500;

/** `GET /requests/{id}`: one request, as a list of one. */
export async function oneRequest(call: Call): Promise<Answer> {
  const faults = new Faults();
  const key = await readKey(call.platform, call.parameters.one('api_key'), faults, 'optional');
  faults.check();
  const number = plainNumber(call.id);
  const rows = await readRows(call.platform.db, call, sql`where r.number = ${number} and ${visibleTo(key)}`);
  if (rows.length === 0) throw absent('service_request_id', `there is no request "${call.id.slice(0, 60)}"`);
  return answer(call, rows);
}

/** `GET /requests`: newest first. */
export async function listRequests(call: Call): Promise<Answer> {
  const { parameters, platform } = call;
  const faults = new Faults();
  const key = await readKey(platform, parameters.one('api_key'), faults, 'optional');
  const ids = parameters.commaList('service_request_id').map(plainNumber);
  if (ids.length > mostIds) faults.add(400, 'service_request_id', `at most ${mostIds} at once`);
  if (ids.length > 0) {
    faults.check();
    const chosen = sql`where ${visibleTo(key)} and r.number = any(${sql.param(ids)}::text[])
      order by r.requested_at desc, r.number desc`;
    return answer(call, await readRows(platform.db, call, chosen));
  }
  const conditions: SQL[] = [visibleTo(key)];
  await addCodes(call, faults, conditions);
  addStatus(call, faults, conditions);
  addDates(call, faults, conditions);
  addPlace(call, faults, conditions);
  addWords(call, conditions);
  const page = readPage(call, faults);
  faults.check();
  if (page.after)
    conditions.push(
      sql`(r.requested_at, r.number) < (${page.after.at.toISOString()}::timestamptz, ${page.after.id})`,
    );
  const rows = await readRows(
    platform.db,
    call,
    sql`where ${sql.join(conditions, sql` and `)} order by r.requested_at desc, r.number desc
      limit ${page.size + 1} offset ${page.offset}`,
  );
  const shown = rows.slice(0, page.size);
  const last = shown.at(-1);
  const headers: Record<string, string> = {};
  if (rows.length > page.size && last)
    headers.link = nextLink(call, {
      cursor: writeCursor(new Date(last.requested_at), last.number),
      page: null,
    });
  return answer(call, shown, headers);
}

async function answer(
  call: Call,
  rows: Awaited<ReturnType<typeof readRows>>,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const extended = call.parameters.flag('extensions') ? await extensionsOf(call, rows) : null;
  return {
    headers,
    document: {
      root: 'service_requests',
      item: 'request',
      value: rows.map((row) => ({ ...requestRecord(call, row), ...extended?.get(row.number) })),
    },
  };
}

/** Numbers are shown as 26-4837-2915-3 and may be typed so. */
export function plainNumber(text: string): string {
  return /^[\d\s-]+$/.test(text) ? text.replaceAll(/\D/g, '') : text;
}

async function addCodes(call: Call, faults: Faults, conditions: SQL[]): Promise<void> {
  const codes = call.parameters.commaList('service_code');
  if (codes.length === 0) return;
  const { rows } = await call.platform.db.execute<{ code: string }>(
    sql`select distinct code from cc_category where code = any(${sql.param(codes)}::text[]) and body->>'kind' = 'leaf'`,
  );
  const known = new Set(rows.map((row) => row.code));
  for (const code of codes)
    if (!known.has(code)) faults.add(404, 'service_code', `there is no service "${code.slice(0, 60)}"`);
  conditions.push(sql`r.service_code = any(${sql.param(codes)}::text[])`);
}

function addStatus(call: Call, faults: Faults, conditions: SQL[]): void {
  const statuses = call.parameters.commaList('status').map((status) => status.toLowerCase());
  for (const status of statuses)
    if (status !== 'open' && status !== 'closed')
      faults.add(400, 'status', `"${status.slice(0, 40)}" is neither open nor closed`);
  if (statuses.length > 0) conditions.push(sql`r.status = any(${sql.param(statuses)}::text[])`);
}

function addDates(call: Call, faults: Faults, conditions: SQL[]): void {
  const { parameters } = call;
  const start = parameters.date('start_date', faults);
  const end = parameters.date('end_date', faults);
  const updatedAfter = parameters.date('updated_after', faults);
  const updatedBefore = parameters.date('updated_before', faults);
  const from = (instant: Date) => sql`r.requested_at >= ${instant.toISOString()}`;
  const until = (instant: Date) => sql`r.requested_at <= ${instant.toISOString()}`;
  if (updatedAfter) conditions.push(sql`r.changed_at >= ${updatedAfter.toISOString()}`);
  if (updatedBefore) conditions.push(sql`r.changed_at <= ${updatedBefore.toISOString()}`);
  const limited = !updatedAfter && !updatedBefore;
  if (start && end) {
    if (end < start) faults.add(400, 'end_date', 'lies before start_date');
    else if (limited && end.getTime() - start.getTime() > window)
      faults.add(
        400,
        'end_date',
        'lies more than 90 days after start_date; ask in parts or use the bulk files',
      );
    conditions.push(from(start), until(end));
  } else if (start) {
    conditions.push(from(start));
    if (limited) conditions.push(until(new Date(start.getTime() + 90 * day)));
  } else if (end) {
    conditions.push(until(end));
    if (limited) conditions.push(from(new Date(end.getTime() - 90 * day)));
  } else if (limited) {
    conditions.push(from(new Date(call.platform.clock.now().getTime() - 90 * day)));
  }
}

function addPlace(call: Call, faults: Faults, conditions: SQL[]): void {
  const { parameters } = call;
  const lat = parameters.number('lat', faults, { min: -90, max: 90 });
  const long = parameters.number('long', faults, { min: -180, max: 180 });
  const radius = parameters.number('radius', faults, { min: 1, max: 100_000 });
  const given = ['lat', 'long', 'radius'].filter((name) => parameters.one(name) !== null);
  if (given.length === 0) return;
  for (const name of ['lat', 'long', 'radius'])
    if (!given.includes(name)) faults.add(400, name, 'missing; lat, long and radius go together');
  if (lat === null || long === null || radius === null) return;
  const perDegree = 111_195;
  const height = radius / perDegree;
  const shrink = Math.cos((lat * Math.PI) / 180);
  const width = height / Math.max(shrink, 0.01);
  conditions.push(
    sql`r.lat between ${lat - height} and ${lat + height} and r.lon between ${long - width} and ${long + width}`,
    sql`power((r.lat - ${lat}) * ${perDegree}, 2) + power((r.lon - ${long}) * ${perDegree * shrink}, 2) <= ${radius * radius}`,
  );
}

function addWords(call: Call, conditions: SQL[]): void {
  const words = call.parameters.one('q')?.slice(0, 200);
  if (!words) return;
  const pattern = `%${words.replaceAll(/[\\%_]/g, '\\$&')}%`;
  conditions.push(
    call.sandbox
      ? sql`(r.text ilike ${pattern} or r.address ilike ${pattern} or r.service_name ilike ${pattern})`
      : foundBy(words),
  );
}

/** Which slice of the list: by page up to the ten-thousandth row, beyond by cursor. */
function readPage(call: Call, faults: Faults) {
  const { parameters } = call;
  const size = parameters.integer('page_size', faults, { min: 1, max: most }) ?? most;
  const page = parameters.integer('page', faults, { min: 1, max: deepest }) ?? 1;
  if (page > 1 && page * size > deepest)
    faults.add(400, 'page', `page × page_size is more than ${deepest}; follow the Link header instead`);
  const cursor = parameters.one('cursor');
  const after = cursor === null ? null : readCursor(cursor);
  if (cursor !== null && !after) faults.add(400, 'cursor', 'take it from a Link header as it is');
  return { size, offset: after ? 0 : (page - 1) * size, after };
}
