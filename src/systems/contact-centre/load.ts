import { sql } from 'drizzle-orm';
import type { Reader } from '#platform/database/pool.ts';
import type { Text } from '#platform/i18n/index.ts';
import type { Actor } from '#platform/work.ts';
import { permission } from './permissions.ts';
import { scopeWhere } from './scope.ts';

/** What an enterprise has in hand now. */
export interface Load {
  readonly organisation: string;
  readonly name: Text | null;
  readonly open: number;
  readonly overdue: number;
  readonly dueInADay: number;
  readonly rework: number;
}

/** Open requests by executor, the most loaded first: the same conditions as those of the queues behind them. */
export async function loadByOrganisation(reader: Reader, actor: Actor, now: Date): Promise<Load[]> {
  const at = sql`${now.toISOString()}::timestamptz`;
  const tomorrow = sql`${new Date(now.getTime() + 86_400_000).toISOString()}::timestamptz`;
  const { rows } = await reader.execute<Record<string, unknown>>(sql`
    select r.organisation, o.name, count(*)::int as open,
      count(*) filter (where r.next_due < ${at})::int as overdue,
      count(*) filter (where r.next_due <= ${tomorrow})::int as due,
      count(*) filter (where r.state = 'rework')::int as rework
    from cc_request r left join cc_organisation o on o.id = r.organisation
    where not r.sandbox and r.state not in ('closed', 'merged', 'in_event') and r.organisation is not null
      and ${scopeWhere(actor, permission('read_desk'))}
    group by r.organisation, o.name order by open desc, r.organisation`);
  return rows.map((row) => ({
    organisation: String(row.organisation),
    name: (row.name ?? null) as Text | null,
    open: Number(row.open),
    overdue: Number(row.overdue),
    dueInADay: Number(row.due),
    rework: Number(row.rework),
  }));
}

/** One day of the city: YYYY-MM-DD. */
export interface DayFlow {
  readonly day: string;
  readonly registered: number;
  readonly closed: number;
}

/** Registered and closed on each of the last days, today the last. */
export async function flowByDay(reader: Reader, actor: Actor, now: Date, days: number): Promise<DayFlow[]> {
  const at = sql`${now.toISOString()}::timestamptz`;
  const scope = scopeWhere(actor, permission('read_desk'));
  const { rows } = await reader.execute<Record<string, unknown>>(sql`
    with day as (
      select (${at} at time zone 'Europe/Kyiv')::date - n as day from generate_series(0, ${days - 1}::int) n
    ), first as (select (min(day)::timestamp at time zone 'Europe/Kyiv') as start from day),
    made as (
      select (r.created_at at time zone 'Europe/Kyiv')::date as day, count(*)::int as n from cc_request r, first
      where not r.sandbox and r.created_at >= first.start and r.created_at <= ${at} and ${scope} group by 1
    ), done as (
      select (r.closed_at at time zone 'Europe/Kyiv')::date as day, count(*)::int as n from cc_request r, first
      where not r.sandbox and r.closed_at >= first.start and r.closed_at <= ${at} and ${scope} group by 1
    )
    select day.day::text, coalesce(made.n, 0) as registered, coalesce(done.n, 0) as closed
    from day left join made using (day) left join done using (day) order by day.day`);
  return rows.map((row) => ({
    day: String(row.day),
    registered: Number(row.registered),
    closed: Number(row.closed),
  }));
}

/** Registered within the last days by the hour of the city's day, 24 numbers. */
export async function registeredByHour(
  reader: Reader,
  actor: Actor,
  now: Date,
  days: number,
): Promise<number[]> {
  const since = new Date(now.getTime() - days * 86_400_000).toISOString();
  const { rows } = await reader.execute<{ hour: number; n: number }>(sql`
    select extract(hour from r.created_at at time zone 'Europe/Kyiv')::int as hour, count(*)::int as n from cc_request r
    where not r.sandbox and r.created_at > ${since}::timestamptz and r.created_at <= ${now.toISOString()}::timestamptz
      and ${scopeWhere(actor, permission('read_desk'))}
    group by 1`);
  const byHour = Array.from({ length: 24 }, () => 0);
  for (const row of rows) byHour[Number(row.hour)] = Number(row.n);
  return byHour;
}
