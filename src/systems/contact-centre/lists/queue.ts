import { type SQL, sql } from 'drizzle-orm';
import type { Reader } from '#platform/database/pool.ts';
import type { Actor } from '#platform/work.ts';
import type { ClockKind, Regime, RequestClass } from '../city-data.ts';
import { permission } from '../permissions.ts';
import { inBranch, scopeWhere } from '../scope.ts';
import type { State } from '../states.ts';
import {
  afterCreated,
  columns,
  type DeskRow,
  hour,
  instant,
  iso,
  joins,
  type Listed,
  left,
  limitOf,
  listed,
  type Page,
  type Raw,
  readCursor,
  textArray,
  toDesk,
  word,
} from './rows.ts';

export interface QueueFilter {
  readonly now: Date;
  readonly organisation?: string;
  readonly unit?: string;
  readonly crew?: string;
  /** Those in which somebody has to act, unless told. */
  readonly states?: readonly State[];
  readonly classes?: readonly RequestClass[];
  readonly branch?: string;
  readonly district?: string;
  readonly building?: string;
  /** Only those whose nearest clock has run out. */
  readonly overdue?: boolean;
  /** Only those of which a clock has used up three quarters of its term. */
  readonly warned?: boolean;
  readonly regime?: Regime;
  /** Only those whose nearest clock runs out within so many hours, or has. */
  readonly dueWithinHours?: number;
  readonly minReworks?: number;
  readonly minReturns?: number;
  /** Only those planned for a date that is past. */
  readonly planOverdue?: boolean;
  /** Only plans later than the term, which hold no clock until a supervisor approves them. */
  readonly planToApprove?: boolean;
}

export interface QueueRow extends DeskRow {
  /** Milliseconds to the nearest due date, negative past it; null when no clock runs. */
  readonly timeLeft: number | null;
  /** A clock has used up three quarters of its term. */
  readonly warned: boolean;
}

/** The dispatcher's and the crew's work, least time left first; what has no clock comes last. */
export async function queue(
  reader: Reader,
  actor: Actor,
  filter: QueueFilter,
  page: Page = {},
): Promise<Listed<QueueRow>> {
  const limit = limitOf(page);
  const cursor = readCursor(page.after);
  const parts = [inQueue(actor), narrowed(filter)];
  if (cursor?.[0])
    parts.push(
      sql`(r.next_due is null or (r.next_due, r.number) > (${cursor[0]}::timestamptz, ${cursor[1]}::text))`,
    );
  else if (cursor) parts.push(sql`r.next_due is null and r.number > ${cursor[1]}`);
  const { rows } =
    await reader.execute<Raw>(sql`select ${columns(actor)}, r.next_due::text as key, ${warnedAt(filter.now)} as warned
    from cc_request r ${joins} where ${sql.join(parts, sql` and `)}
    order by r.next_due, r.number limit ${limit + 1}`);
  return listed(rows, limit, (row) => ({
    ...toDesk(row),
    timeLeft: left(row.next_due, filter.now),
    warned: row.warned === true,
  }));
}

/** How many requests each of the queues holds, in one look: what figures show of them. */
export async function queueSizes<Name extends string>(
  reader: Reader,
  actor: Actor,
  now: Date,
  filters: Readonly<Record<Name, Omit<QueueFilter, 'now'>>>,
): Promise<Record<Name, number>> {
  const names = Object.keys(filters) as Name[];
  const counts = names.map(
    (name, i) =>
      sql`count(*) filter (where ${narrowed({ now, ...filters[name] })})::int as ${sql.identifier(`n${i}`)}`,
  );
  const { rows } = await reader.execute<Record<string, number>>(
    sql`select ${sql.join(counts, sql`, `)} from cc_request r where ${inQueue(actor)}`,
  );
  return Object.fromEntries(names.map((name, i) => [name, Number(rows[0]![`n${i}`])])) as Record<
    Name,
    number
  >;
}

/** How many requests of the queue have changed, or come into it, since then: whether a page that stays open is behind. */
export async function changedSince(
  reader: Reader,
  actor: Actor,
  filter: QueueFilter,
  since: Date,
): Promise<number> {
  const { rows } = await reader.execute<{ n: number }>(sql`select count(*)::int as n from cc_request r
    where r.updated_at > ${since.toISOString()}::timestamptz and ${inQueue(actor)} and ${narrowed(filter)}`);
  return Number(rows[0]!.n);
}

function inQueue(actor: Actor): SQL {
  return sql`not r.sandbox and r.state not in ('closed', 'merged', 'in_event')
    and ${scopeWhere(actor, permission('read_desk'))}`;
}

function narrowed(filter: QueueFilter): SQL {
  const now = filter.now.getTime();
  const parts: SQL[] = [sql`true`];
  if (filter.organisation) parts.push(sql`r.organisation = ${filter.organisation}`);
  if (filter.unit) parts.push(sql`r.unit = ${filter.unit}`);
  if (filter.crew) parts.push(sql`r.crew = ${filter.crew}`);
  if (filter.states) parts.push(sql`r.state = any(${textArray(filter.states)})`);
  if (filter.classes) parts.push(sql`r.class = any(${textArray(filter.classes)})`);
  if (filter.branch) parts.push(inBranch(filter.branch));
  if (filter.district) parts.push(sql`r.district = ${filter.district}`);
  if (filter.building) parts.push(sql`r.building = ${filter.building}`);
  if (filter.overdue) parts.push(sql`r.next_due < ${iso(now)}::timestamptz`);
  if (filter.warned) parts.push(warnedAt(filter.now));
  if (filter.regime) parts.push(sql`r.regime = ${filter.regime}`);
  if (filter.dueWithinHours !== undefined)
    parts.push(sql`r.next_due <= ${iso(now + filter.dueWithinHours * hour)}::timestamptz`);
  if (filter.minReworks) parts.push(sql`r.rework_count >= ${filter.minReworks}`);
  if (filter.minReturns) parts.push(sql`r.return_count >= ${filter.minReturns}`);
  if (filter.planOverdue) parts.push(sql`r.state = 'planned' and r.planned_for < ${iso(now)}::timestamptz`);
  if (filter.planToApprove)
    parts.push(sql`r.state = 'planned' and r.planned_for > ${iso(now)}::timestamptz and r.planned_for > r.fix_due
      and exists (select 1 from cc_clock k where k.request = r.number and k.kind in ('fix', 'answer')
        and k.stopped_at is null and k.paused_at is null)`);
  return sql.join(parts, sql` and `);
}

const warnedAt = (now: Date): SQL => sql`exists (select 1 from cc_clock k where k.request = r.number
  and k.stopped_at is null and k.paused_at is null and k.warn_at <= ${now.toISOString()}::timestamptz)`;

export interface TriageRow extends DeskRow {
  /** The step that brought it here, and its words. */
  readonly lastMove: string | null;
  readonly lastData: Readonly<Record<string, unknown>> | null;
  readonly waiting: number;
}

/** What nobody is answerable for yet, oldest first. */
export async function triageList(
  reader: Reader,
  actor: Actor,
  now: Date,
  page: Page = {},
): Promise<Listed<TriageRow>> {
  const limit = limitOf(page);
  const { rows } = await reader.execute<Raw>(sql`select ${columns(actor)}, r.created_at::text as key,
      h.move as last_move, h.data as last_data
    from cc_request r ${joins}
      left join lateral (select move, data from cc_history where request = r.number and to_state = r.state
        and from_state is distinct from to_state order by seq desc limit 1) h on true
    where not r.sandbox and r.state in ('registered', 'triage') and ${scopeWhere(actor, permission('assign'))}
      and ${afterCreated(page)}
    order by r.created_at, r.number limit ${limit + 1}`);
  return listed(rows, limit, (row) => ({
    ...toDesk(row),
    lastMove: word(row.last_move),
    lastData: (row.last_data ?? null) as TriageRow['lastData'],
    waiting: now.getTime() - new Date(String(row.created_at)).getTime(),
  }));
}

export interface BreachRow extends DeskRow {
  readonly clock: ClockKind;
  readonly clockDue: Date;
  readonly timeLeft: number;
}

/** Clocks about to run out, soonest first; those run out but not yet told of lead. */
export async function breaches(
  reader: Reader,
  actor: Actor,
  now: Date,
  withinHours: number,
  page: Page = {},
): Promise<Listed<BreachRow>> {
  const limit = limitOf(page);
  const cursor = readCursor(page.after);
  const after = cursor?.[0]
    ? sql`(k.due, k.request, k.kind) > (${cursor[0]}::timestamptz, ${cursor[1]}::text, ${cursor[2]}::text)`
    : sql`true`;
  const { rows } = await reader.execute<Raw>(sql`select ${columns(actor)}, k.kind, k.due as clock_due,
      k.due::text as key, k.kind as twin
    from cc_clock k join cc_request r on r.number = k.request ${joins}
    where ${breachWhere(actor, now, withinHours)} and ${after}
    order by k.due, k.request, k.kind limit ${limit + 1}`);
  return listed(rows, limit, (row) => ({
    ...toDesk(row),
    clock: row.kind as ClockKind,
    clockDue: instant(row.clock_due)!,
    timeLeft: left(row.clock_due, now)!,
  }));
}

/** How many the list of breaches holds. */
export async function breachSize(
  reader: Reader,
  actor: Actor,
  now: Date,
  withinHours: number,
): Promise<number> {
  const { rows } = await reader.execute<{ n: number }>(sql`select count(*)::int as n
    from cc_clock k join cc_request r on r.number = k.request where ${breachWhere(actor, now, withinHours)}`);
  return Number(rows[0]!.n);
}

/** Over `cc_clock k` and `cc_request r`. */
function breachWhere(actor: Actor, now: Date, withinHours: number): SQL {
  return sql`k.stopped_at is null and k.paused_at is null and k.breached_at is null
    and k.due <= ${iso(now.getTime() + withinHours * hour)}::timestamptz
    and not r.sandbox and r.state not in ('closed', 'merged', 'in_event')
    and ${scopeWhere(actor, permission('read_desk'))}`;
}
