import { type SQL, sql } from 'drizzle-orm';
import type { Reader } from '#platform/database/pool.ts';
import type { Actor, Work } from '#platform/work.ts';
import { lettersReach, mayBeAsked } from '../asks.ts';
import { drawnWhere } from '../checks.ts';
import { readCity } from '../city.ts';
import { defaultsOf } from '../defaults.ts';
import { permission } from '../permissions.ts';
import { purposes, recordSeen } from '../personal.ts';
import { inBranch, scopeWhere } from '../scope.ts';
import {
  callable,
  columns,
  type DeskRow,
  hour,
  instant,
  joins,
  type Listed,
  limitOf,
  listed,
  type Raw,
  seenIn,
  toDesk,
} from './rows.ts';

/** When a call is made: tries in the same part of the day tell nothing new. */
export const dayParts = ['morning', 'day', 'evening'] as const;
export type DayPart = (typeof dayParts)[number];

/** The part of the city's day, parted at noon and at five. */
export function dayPartOf(instant: Date): DayPart {
  const local = Number(hourInKyiv.format(instant));
  return local < 12 ? 'morning' : local < 17 ? 'day' : 'evening';
}
const hourInKyiv = new Intl.DateTimeFormat('en-GB', {
  hour: '2-digit',
  hourCycle: 'h23',
  timeZone: 'Europe/Kyiv',
});

export interface CallBackRow extends DeskRow {
  readonly reporter: string;
  readonly name: string | null;
  /** null: locked, its key is not in the ring. */
  readonly phone: string | null;
  readonly language: string;
  /** The claim about which to ask. */
  readonly attempt: number;
  readonly answer: string;
  readonly evidenceFaults: readonly string[];
  readonly claimedAt: Date;
  readonly missedCalls: number;
  readonly triedParts: readonly DayPart[];
}

/** Calls after which nobody is called again. */
const enoughCalls = 3;

/**
 * People to be asked by telephone whether it is done: those of a claimed request, and of what is merged into it, who
 * have not judged the last claim; those whom no letter reaches lead. Whoever was missed in this part of the day comes last. A controller never gets the
 * claims of the organisation in whose post he or she stands. Each look at the list leaves a trace for those on it.
 */
export async function callBacks(
  work: Work,
  filter: CallFilter = {},
  limit = 50,
): Promise<Listed<CallBackRow>> {
  const { actor } = work;
  const max = limitOf({ limit });
  const parts: SQL[] = [
    sql`r.state = 'claimed' and not r.sandbox`,
    scopeWhere(actor, permission('call_back')),
    sql`p.withdrawn_at is null and p.phone_blind is not null and p.missed_calls < ${enoughCalls}
      and p.verdict_attempt is distinct from a.no and a.askable`,
  ];
  parts.push(callFilter(actor, filter));
  const { rows } = await work.tx.execute<Raw>(sql`
    select ${columns(actor)}, p.id as reporter, p.person, p.key, p.sealed, p.language, p.missed_calls,
      a.no as attempt, a.answer, a.evidence_faults, a.claimed_at as attempt_at,
      array(select distinct v.day_part from cc_verification v where v.reporter = p.id and v.attempt = a.no
        and v.verdict = 'missed' and v.day_part is not null order by 1) as tried
    from cc_request r ${joins}
      join lateral (select no, answer, evidence_faults, ${mayBeAsked} as askable, claimed_at from cc_attempt
        where request = r.number order by no desc limit 1) a on true
      join lateral (
        select * from cc_reporter where request = r.number
        union all
        select m.* from cc_reporter m join cc_request d on d.number = m.request where d.master = r.number
      ) p on true
    where ${sql.join(parts, sql` and `)}
    order by exists (select 1 from cc_verification v where v.reporter = p.id and v.attempt = a.no
        and v.verdict = 'missed' and v.day_part = ${dayPartOf(work.clock.now())}),
      ${lettersReach}, r.window_until, r.number, p.joined_at, p.id
    limit ${max + 1}`);
  await recordSeen(work, 'requests:call-back', purposes.callBack, rows.slice(0, max).map(seenIn), [
    'name',
    'phone',
  ]);
  return listed(rows, max, (row) => toCallBack(work, row));
}

/**
 * People to be called as a check: of claims confirmed by link, those that the hash of number and attempt draws, within the days
 * after closing that the city says, until one was reached. Never of the controller's own organisation. Each look leaves a trace.
 */
export async function checkCalls(work: Work, limit = 50): Promise<Listed<CallBackRow>> {
  const max = limitOf({ limit });
  const { checkDays, checkPercent } = defaultsOf((await readCity(work.tx)).settings);
  const since = new Date(work.clock.now().getTime() - checkDays * 24 * hour).toISOString();
  const { actor } = work;
  const { rows } = await work.tx.execute<Raw>(sql`
    select ${columns(actor)}, p.id as reporter, p.person, p.key, p.sealed, p.language, p.missed_calls,
      a.no as attempt, a.answer, a.evidence_faults, a.claimed_at as attempt_at, tries.parts as tried
    from cc_request r ${joins}
      join lateral (select no, answer, evidence_faults, claimed_at from cc_attempt
        where request = r.number order by no desc limit 1) a on true
      join cc_verification v on v.request = r.number and v.attempt = a.no and v.method = 'link' and v.verdict = 'yes'
      join cc_reporter p on p.id = v.reporter
      join lateral (select coalesce(array_agg(distinct m.day_part order by m.day_part), '{}') as parts from cc_verification m
        where m.reporter = p.id and m.attempt = a.no and m.is_check and m.verdict = 'missed') tries on true
    where r.state = 'closed' and r.closing = 'confirmed' and r.closed_at >= ${since}::timestamptz and not r.sandbox
      and p.withdrawn_at is null and p.phone_blind is not null and ${scopeWhere(actor, permission('call_back'))}
      and (${actor.organisation}::text is null or r.organisation is distinct from ${actor.organisation})
      and ${drawnWhere(sql`r.number`, sql`a.no`, checkPercent)} and cardinality(tries.parts) < ${enoughCalls}
      and not exists (select 1 from cc_verification c where c.request = r.number and c.attempt = a.no and c.is_check
        and c.verdict <> 'missed')
    order by ${dayPartOf(work.clock.now())} = any(tries.parts), r.closed_at, r.number, p.joined_at, p.id
    limit ${max + 1}`);
  await recordSeen(work, 'requests:check-call', purposes.callBack, rows.slice(0, max).map(seenIn), [
    'name',
    'phone',
  ]);
  return listed(rows, max, (row) => toCallBack(work, row));
}

/** A claim whose evidence is missing or was taken elsewhere: nobody is asked before a controller has looked. */
export interface DoubtRow extends DeskRow {
  readonly attempt: number;
  readonly answer: string;
  readonly evidenceFaults: readonly string[];
  readonly claimedAt: Date;
}

/** Claims with evidence in doubt that wait for a controller, oldest first; never of the controller's own organisation. */
export async function doubtfulClaims(
  reader: Reader,
  actor: Actor,
  filter: CallFilter = {},
  limit = 50,
): Promise<Listed<DoubtRow>> {
  const max = limitOf({ limit });
  const { rows } = await reader.execute<Raw>(sql`
    select ${columns(actor)}, a.no as attempt, a.answer, a.evidence_faults, a.claimed_at as attempt_at
    from cc_request r ${joins}
      join lateral (select no, answer, evidence_faults, passed_at, claimed_at from cc_attempt
        where request = r.number order by no desc limit 1) a on true
    where r.state = 'claimed' and not r.sandbox and a.evidence_faults <> '[]' and a.passed_at is null
      and ${scopeWhere(actor, permission('reject'))} and ${callFilter(actor, filter)}
    order by a.claimed_at, r.number limit ${max + 1}`);
  return listed(rows, max, (row) => ({
    ...toDesk(row),
    attempt: Number(row.attempt),
    answer: String(row.answer),
    evidenceFaults: row.evidence_faults as string[],
    claimedAt: instant(row.attempt_at)!,
  }));
}

/** By house, executor or branch of categories. */
export interface CallFilter {
  readonly building?: string;
  readonly organisation?: string;
  readonly branch?: string;
}

function callFilter(actor: Actor, filter: CallFilter): SQL {
  const parts: SQL[] = [sql`true`];
  if (actor.organisation) parts.push(sql`r.organisation is distinct from ${actor.organisation}`);
  if (filter.building) parts.push(sql`r.building = ${filter.building}`);
  if (filter.organisation) parts.push(sql`r.organisation = ${filter.organisation}`);
  if (filter.branch) parts.push(inBranch(filter.branch));
  return sql.join(parts, sql` and `);
}

const toCallBack = (work: Work, row: Raw): CallBackRow => ({
  ...toDesk(row),
  reporter: String(row.reporter),
  ...callable(work, row),
  language: String(row.language),
  attempt: Number(row.attempt),
  answer: String(row.answer),
  evidenceFaults: row.evidence_faults as string[],
  claimedAt: instant(row.attempt_at)!,
  missedCalls: Number(row.missed_calls),
  triedParts: row.tried as DayPart[],
});
