import { createHash } from 'node:crypto';
import { sql } from 'drizzle-orm';
import { mustBeAble } from '#platform/access/index.ts';
import { audit } from '#platform/audit/append.ts';
import { addTerm, type Explanation } from '#platform/calendar/index.ts';
import type { Reader } from '#platform/database/pool.ts';
import { Conflict, Invalid } from '#platform/errors.ts';
import type { Work } from '#platform/work.ts';
import { readCity } from './city.ts';
import type { ClockKind } from './city-data.ts';
import { refreshDue } from './clock-moves.ts';
import { historyActor } from './history.ts';
import { permission } from './permissions.ts';
import { mask } from './publication.ts';
import { announce, hold } from './tell.ts';

/** A running clock that ends elsewhere by the calendar as it stands now. */
export interface Recounted {
  readonly number: string;
  readonly kind: ClockKind;
  readonly category: string;
  readonly organisation: string | null;
  readonly before: Date;
  readonly after: Date;
  /** How the first end of the term comes out now. */
  readonly explanation: Explanation;
}

export interface Recount {
  readonly clocks: readonly Recounted[];
  /** Version of the calendar by which they were counted anew. */
  readonly calendar: string;
  /** One act moves as many as are listed; the rest is told after it. */
  readonly more: boolean;
  /** Of exactly this list and this calendar; the act does what was previewed or nothing. */
  readonly digest: string;
}

/** How many clocks one act moves. */
export const recountedAtOnce = 500;
const batch = 2_000;

/**
 * Which running terms would end elsewhere, had they been counted by the calendar as it stands now. What people have decided
 * stays: a term that was extended to a day. So does what has passed, or would have: nobody becomes late afterwards.
 */
export async function previewRecount(reader: Reader, now: Date): Promise<Recount> {
  const { calendar } = await readCity(reader);
  const clocks: Recounted[] = [];
  let more = false;
  let last: readonly [string, string] = ['', ''];
  for (;;) {
    const rows = await outdated(reader, calendar.version, now, last);
    for (const row of rows) {
      const { due, explanation } = addTerm(calendar, row.explanation.term, new Date(row.started_at));
      const counted = new Date((row.explanation.steps.at(-1) as { at: string }).at);
      const before = new Date(row.due);
      const after = new Date(before.getTime() + due.getTime() - counted.getTime());
      if (after.getTime() === before.getTime() || after <= now) continue;
      if (clocks.length === recountedAtOnce) {
        more = true;
        break;
      }
      const { number, kind, category, organisation } = row;
      clocks.push({ number, kind, category, organisation, before, after, explanation });
    }
    if (more || rows.length < batch) break;
    last = [rows.at(-1)!.number, rows.at(-1)!.kind];
  }
  const list = clocks.map(({ number, kind, before, after }) => [number, kind, before, after]);
  const digest = createHash('sha256')
    .update(JSON.stringify([calendar.version, list]))
    .digest('hex');
  return { clocks, calendar: calendar.version, more, digest };
}

interface Outdated extends Record<string, unknown> {
  readonly number: string;
  readonly kind: ClockKind;
  readonly category: string;
  readonly organisation: string | null;
  readonly started_at: string;
  readonly due: string;
  readonly explanation: Explanation;
}

/** Running clocks that another calendar counted, after one of them. */
async function outdated(
  reader: Reader,
  calendar: string,
  now: Date,
  [number, kind]: readonly [string, string],
): Promise<Outdated[]> {
  const { rows } = await reader.execute<Outdated>(sql`
    select r.number, k.kind, r.category, r.organisation, k.started_at, k.due, k.explanation
    from cc_clock k join cc_request r on r.number = k.request
    where k.stopped_at is null and k.breached_at is null and k.due > ${now.toISOString()}::timestamptz
      and k.explanation->>'calendar' <> ${calendar} and not r.sandbox and r.state not in ('closed', 'merged', 'in_event')
      and not exists (select 1 from cc_clock_interval i where i.request = k.request and i.kind = k.kind and i.why = 'extension'
        and i.due_after is distinct from (k.explanation#>>'{steps,-1,at}')::timestamptz)
      and (k.request, k.kind) > (${number}::text, ${kind}::text)
    order by k.request, k.kind limit ${batch}`);
  return rows;
}

/**
 * Moves the terms of a preview to where the calendar in force ends them: each by an entry of its own with these words, told to
 * each reporter. One audit entry names all that it touched.
 *
 * @param note why, for everybody; masked.
 * @returns how many requests it moved.
 * @throws Forbidden without `data_write`; Invalid (`note`); Conflict `stale` when the list is no longer the previewed one.
 */
export async function recountTerms(work: Work, digest: string, note: string): Promise<number> {
  mustBeAble(work.actor, permission('data_write'));
  if (note.trim().length < 3) throw new Invalid([{ field: 'note', message: 'is needed' }]);
  const preview = await previewRecount(work.tx, work.clock.now());
  if (preview.digest !== digest) throw stale();
  const words = mask(note.trim());
  const requests = Map.groupBy(preview.clocks, ({ number }) => number);
  for (const [number, clocks] of requests) {
    const held = (await hold(work, number))!;
    for (const clock of clocks) await move(work, clock, words);
    await refreshDue(work, number);
    await announce(work, held, {
      move: 'recount',
      data: { calendar: preview.calendar, clocks: clocks.map(told) },
      note: words,
      template: 'recount',
      event: 'request.recounted',
    });
  }
  await audit(work, {
    action: permission('data_write'),
    resource: 'terms:calendar',
    subjects: await personsOf(work, [...requests.keys()]),
    detail: {
      calendar: preview.calendar,
      note: words,
      moved: preview.clocks.map((clock) => ({ request: clock.number, ...told(clock) })),
    },
  });
  return requests.size;
}

const stale = () => new Conflict('stale', 'terms or days have changed since the preview');

const told = ({ kind, before, after }: Recounted) => ({
  clock: kind,
  from: before.toISOString(),
  to: after.toISOString(),
});

/** @throws Conflict `stale` when the clock has stopped or moved meanwhile. */
async function move(work: Work, clock: Recounted, note: string): Promise<void> {
  const [before, after] = [clock.before, clock.after].map((at) => sql`${at.toISOString()}::timestamptz`);
  const { rows } = await work.tx.execute(sql`with moved as (
      update cc_clock set due = ${after}, warn_at = started_at + (${after} - started_at) * 0.75, warned_at = null,
        explanation = ${JSON.stringify(clock.explanation)}::jsonb
      where request = ${clock.number} and kind = ${clock.kind} and stopped_at is null and due = ${before} returning request, kind
    )
    insert into cc_clock_interval (request, kind, why, from_at, due_before, due_after, actor, note)
    select request, kind, 'calendar', ${work.clock.now().toISOString()}::timestamptz, ${before}, ${after},
      ${JSON.stringify(historyActor(work.actor))}::jsonb, ${note} from moved returning id`);
  if (rows.length === 0) throw stale();
}

/** Accounts of those who reported these requests. */
async function personsOf(work: Work, numbers: readonly string[]): Promise<string[]> {
  const { rows } = await work.tx.execute<{ person: string }>(sql`select distinct person from cc_reporter
    where person is not null and request in (select value from jsonb_array_elements_text(${JSON.stringify(numbers)}::jsonb))`);
  return rows.map(({ person }) => person);
}
