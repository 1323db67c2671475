import { sql } from 'drizzle-orm';
import { addTerm } from '#platform/calendar/index.ts';
import type { Reader } from '#platform/database/pool.ts';
import { asksOf, exhausted, lettersReach, mayBeAsked } from './asks.ts';
import { readCalendar } from './calendar-days.ts';
import type { ClockKind } from './city-data.ts';

/** A clock that somebody has to be told of. */
export interface DueClock {
  readonly number: string;
  readonly kind: ClockKind;
  readonly due: Date;
}

/** Running clocks of which 75 % are gone and nobody was warned; those already past their due date are breaches instead. */
export function clocksToWarn(reader: Reader, now: Date, limit = 500): Promise<DueClock[]> {
  const at = sql`${now.toISOString()}::timestamptz`;
  return clocks(
    reader,
    sql`k.warned_at is null and k.warn_at <= ${at} and k.due > ${at}`,
    sql`k.warn_at`,
    limit,
  );
}

/** Running clocks whose due date has passed untold. */
export function clocksToBreach(reader: Reader, now: Date, limit = 500): Promise<DueClock[]> {
  const at = sql`${now.toISOString()}::timestamptz`;
  return clocks(reader, sql`k.breached_at is null and k.due < ${at}`, sql`k.due`, limit);
}

async function clocks(
  reader: Reader,
  which: ReturnType<typeof sql>,
  order: ReturnType<typeof sql>,
  limit: number,
): Promise<DueClock[]> {
  // A merged request mirrors its master and one in an event waits for the event: their clocks tell nobody anything.
  const { rows } = await reader.execute<{ number: string; kind: ClockKind; due: string }>(sql`
    select k.request as number, k.kind, k.due from cc_clock k join cc_request r on r.number = k.request
    where k.stopped_at is null and k.paused_at is null and ${which}
      and r.state not in ('closed', 'merged', 'in_event') and not r.sandbox
    order by ${order}, k.request, k.kind limit ${limit}`);
  return rows.map((row) => ({ number: row.number, kind: row.kind, due: new Date(row.due) }));
}

/** A claim whose time of judging is over, and what becomes of it. */
export interface EndedWindow {
  readonly number: string;
  readonly move: 'confirm' | 'lapse';
}

/**
 * Claims whose window is over. One yes confirms. Without any verdict a claim lapses only when everybody was asked twice by
 * letters that were delivered, missed three calls, or can be reached in no way at all, and a controller passed evidence in
 * doubt. Whoever has only a telephone stays on the call-back list. `only` asks about one request.
 */
export async function endedWindows(
  reader: Reader,
  now: Date,
  limit = 500,
  only?: string,
): Promise<EndedWindow[]> {
  const at = sql`${now.toISOString()}::timestamptz`;
  const { rows } = await reader.execute<{ number: string; confirmed: boolean }>(sql`
    select * from (
      select r.number, r.window_until, coalesce(v.confirmed, false) as confirmed, coalesce(v.exhausted, a.askable) as exhausted
      from cc_request r
        join lateral (select no, claimed_at, ${mayBeAsked} as askable from cc_attempt
          where request = r.number order by no desc limit 1) a on true
        join lateral (
          select bool_or(p.verdict = 'yes' and p.verdict_attempt = a.no) as confirmed,
            a.askable and bool_and(${exhausted(now)}) as exhausted
          from cc_reporter p join ${asksOf(now)} q on true where p.withdrawn_at is null
            and p.request = any(array(select r.number union all select number from cc_request where master = r.number))
        ) v on true
      where r.state = 'claimed' and r.window_until <= ${at} and not r.sandbox
        and ${only ? sql`r.number = ${only}` : sql`true`}
    ) ended where confirmed or exhausted
    order by window_until, number limit ${limit}`);
  return rows.map((row) => ({ number: row.number, move: row.confirmed ? 'confirm' : 'lapse' }));
}

/** Working days for which a question to the reporter may stand unanswered. */
export const replyWithin = 3;

/** Requests whose question nobody has answered in time; they go on in the state before. */
export async function unansweredQuestions(reader: Reader, now: Date, limit = 500): Promise<string[]> {
  const { rows } = await reader.execute<{ number: string; asked: string }>(sql`
    select r.number, h.at as asked from cc_request r
      join lateral (select at from cc_history where request = r.number and move = 'ask' order by seq desc limit 1) h on true
    where r.state = 'waiting_reporter' and not r.sandbox
      and h.at < ${new Date(now.getTime() - replyWithin * 86_400_000).toISOString()}::timestamptz
    order by h.at, r.number limit ${limit}`);
  if (rows.length === 0) return [];
  const calendar = await readCalendar(reader);
  return rows
    .filter(({ asked }) => {
      const term = { amount: replyWithin, unit: 'working' as const, start: 'nextDay' as const };
      return addTerm(calendar, term, new Date(asked)).due < now;
    })
    .map((row) => row.number);
}

export interface OverduePlan {
  readonly number: string;
  readonly planned: Date;
}

/** Plans whose public date has passed and of which the supervisor has not been told yet; `only` asks about one request. */
export async function overduePlans(
  reader: Reader,
  now: Date,
  limit = 500,
  only?: string,
): Promise<OverduePlan[]> {
  const { rows } = await reader.execute<{ number: string; planned_for: string }>(sql`
    select r.number, r.planned_for from cc_request r
    where r.state = 'planned' and r.planned_for < ${now.toISOString()}::timestamptz and not r.sandbox
      and not exists (select 1 from cc_history h where h.request = r.number and h.move = 'breach'
        and h.at >= r.planned_for and h.data->>'clock' = 'plan')
      and ${only ? sql`r.number = ${only}` : sql`true`}
    order by r.planned_for, r.number limit ${limit}`);
  return rows.map((row) => ({ number: row.number, planned: new Date(row.planned_for) }));
}

/** A reporter to be asked whether it is done; `again`: a first letter has asked already. */
export interface Ask {
  readonly number: string;
  readonly reporter: string;
  readonly again: boolean;
}

/**
 * Reporters whom a letter can reach and who are to be asked about a claim: whoever joined or was merged meanwhile, at once;
 * whoever has not judged it, a second time after 48 hours, or after half of a shorter time (a day at least), so that time
 * to answer is left. `only` asks about one request.
 */
export async function asksDue(reader: Reader, now: Date, limit = 500, only?: string): Promise<Ask[]> {
  const at = sql`${now.toISOString()}::timestamptz`;
  const { rows } = await reader.execute<{ number: string; reporter: string; again: boolean }>(sql`
    select r.number, p.id as reporter, q.asked > 0 as again from cc_request r
      join lateral (select no, claimed_at, ${mayBeAsked} as askable from cc_attempt
        where request = r.number order by no desc limit 1) a on true
      join cc_reporter p on p.request = any(array(select r.number union all select number from cc_request where master = r.number))
      join ${asksOf(now)} q on true
    where r.state = 'claimed' and r.regime = 'service' and not r.sandbox and p.withdrawn_at is null and a.askable and ${lettersReach}
      and p.verdict_attempt is distinct from a.no
      and (q.asked = 0 or (q.asked = 1 and q.last_at
        + least(interval '48 hours', greatest(interval '24 hours', (r.window_until - q.last_at) / 2)) <= ${at}))
      and ${only ? sql`r.number = ${only}` : sql`true`}
    order by r.claimed_at, r.number, p.joined_at, p.id limit ${limit}`);
  return rows.map(({ number, reporter, again }) => ({ number, reporter, again }));
}
