import { type SQL, sql } from 'drizzle-orm';
import type { Closing, State } from '../states.ts';
import { type Answer, type Call, nextLink } from './call.ts';
import { formatInstant } from './dates.ts';
import { Faults } from './errors.ts';
import { readKey } from './keys.ts';
import { photoUrl, source, visibleTo } from './records.ts';
import { updateStatus } from './statuses.ts';

const day = 86_400_000;
const most = 1_000;

interface UpdateRow {
  readonly [column: string]: unknown;
  readonly request: string;
  readonly seq: number;
  readonly at: string;
  readonly status: string;
  readonly description: string | null;
  readonly photo: string | null;
}

interface HistoryRow {
  readonly [column: string]: unknown;
  readonly request: string;
  readonly seq: number;
  readonly at: string;
  readonly description: string | null;
  readonly photo: string | null;
  readonly from_state: State | null;
  readonly to_state: State;
  readonly closing: Closing | null;
  readonly result: string | null;
}

/** The id under which an update is listed, also to the program that pushed it. */
export function updateId(number: string, seq: number): string {
  return `${number}-${seq}`;
}

/** `GET /servicerequestupdates`: what changed on visible requests, oldest first. */
export async function listUpdates(call: Call): Promise<Answer> {
  const { parameters, platform } = call;
  const faults = new Faults();
  const key = await readKey(platform, parameters.one('api_key'), faults, 'optional');
  const start = parameters.date('start_date', faults);
  const end = parameters.date('end_date', faults);
  const missing = (name: string, other: string) =>
    parameters.one(name) === null && parameters.one(other) !== null
      ? faults.add(400, name, 'missing; start_date and end_date go together')
      : null;
  missing('start_date', 'end_date');
  missing('end_date', 'start_date');
  if (start && end && end < start) faults.add(400, 'end_date', 'lies before start_date');
  const size = parameters.integer('page_size', faults, { min: 1, max: most }) ?? most;
  const page = parameters.integer('page', faults, { min: 1, max: 100_000 }) ?? 1;
  faults.check();
  const now = platform.clock.now();
  const from = start ?? new Date(now.getTime() - 90 * day);
  const until = end ?? now;
  const slice = sql`limit ${size + 1} offset ${(page - 1) * size}`;
  const rows = await (call.sandbox ? sandboxUpdates : cityUpdates)(call, visibleTo(key), from, until, slice);
  const headers: Record<string, string> = {};
  if (rows.length > size) {
    // The window is fixed in the link, or later changes would shift its pages.
    headers.link = nextLink(call, {
      page: String(page + 1),
      start_date: from.toISOString(),
      end_date: until.toISOString(),
    });
  }
  return {
    headers,
    document: {
      root: 'service_request_updates',
      item: 'request_update',
      value: rows.slice(0, size).map((row) => ({
        update_id: updateId(row.request, row.seq),
        service_request_id: row.request,
        status: row.status,
        updated_datetime: formatInstant(new Date(row.at)),
        description: row.description,
        media_url: row.photo === null ? null : photoUrl(call, row.photo),
      })),
    },
  };
}

/** The first public photo that came with an entry `h` of the history; of a claim rather one from after the work. */
const photoOf: SQL = sql`(select p.id::text from cc_photo p where p.request = h.request and p.public and (
    (h.move = 'register' and p.kind = 'report') or (h.move = 'veto' and p.kind = 'veto' and p.at = h.at)
    or (h.move = 'claim' and exists (select from cc_attempt a where a.request = h.request and a.claimed_at = h.at
      and a.evidence @> jsonb_build_array(jsonb_build_object('file', p.file)))))
  order by p.kind = 'before', p.at, p.id limit 1)`;

async function cityUpdates(
  call: Call,
  visible: SQL,
  from: Date,
  until: Date,
  slice: SQL,
): Promise<UpdateRow[]> {
  // A mirrored entry tells in its data what happened to the master.
  const { rows } = await call.platform.db.execute<HistoryRow>(sql`
    select h.request, h.seq, h.at, h.from_state, coalesce(h.data->>'state', h.to_state) as to_state,
      h.data->>'closing' as closing, h.data->>'result' as result,
      case when r.publication = 'awaiting' then null else h.public_note end as description,
      case when r.publication = 'published' then ${photoOf} end as photo
    from cc_history h join ${source(false, call.language)} r on r.number = h.request
    where h.at between ${from.toISOString()} and ${until.toISOString()} and ${visible}
      and (h.from_state is distinct from h.to_state or h.public_note is not null or h.move = 'mirror')
    order by h.at, h.request, h.seq ${slice}`);
  return rows.map((row) => ({
    request: row.request,
    seq: row.seq,
    at: row.at,
    description: row.description,
    photo: row.photo,
    status: updateStatus(row.to_state, row.closing, row.result, row.from_state),
  }));
}

async function sandboxUpdates(
  call: Call,
  visible: SQL,
  from: Date,
  until: Date,
  slice: SQL,
): Promise<UpdateRow[]> {
  const { rows } = await call.platform.db.execute<UpdateRow>(sql`
    select h.request, h.seq, h.at, h.status, h.description, h.media_url as photo
    from open311_sandbox_update h join ${source(true, call.language)} r on r.number = h.request
    where h.at between ${from.toISOString()} and ${until.toISOString()} and ${visible}
    order by h.at, h.request, h.seq ${slice}`);
  return rows;
}
