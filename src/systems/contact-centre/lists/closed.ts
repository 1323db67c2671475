import { type SQL, sql } from 'drizzle-orm';
import type { Reader } from '#platform/database/pool.ts';
import type { Actor } from '#platform/work.ts';
import { permission } from '../permissions.ts';
import { scopeWhere } from '../scope.ts';
import type { Closing } from '../states.ts';
import {
  columns,
  type DeskRow,
  joins,
  type Listed,
  limitOf,
  listed,
  type Page,
  type Raw,
  readCursor,
  textArray,
  toDesk,
} from './rows.ts';

/** What was closed within a period: after `from`, up to and with `to`. */
export interface ClosedFilter {
  readonly from: Date;
  readonly to: Date;
  readonly closings: readonly Closing[];
  readonly organisation?: string;
}

/** Closed within a period, the last first. */
export async function closedList(
  reader: Reader,
  actor: Actor,
  filter: ClosedFilter,
  page: Page = {},
): Promise<Listed<DeskRow>> {
  const limit = limitOf(page);
  const cursor = readCursor(page.after);
  const { rows } = await reader.execute<Raw>(sql`select ${columns(actor)}, r.closed_at::text as key
    from cc_request r ${joins}
    where ${closedWhere(actor, filter)}
      and ${cursor?.[0] ? sql`(r.closed_at, r.number) < (${cursor[0]}::timestamptz, ${cursor[1]}::text)` : sql`true`}
    order by r.closed_at desc, r.number desc limit ${limit + 1}`);
  return listed(rows, limit, toDesk);
}

/** How many such there are. */
export async function closedSize(reader: Reader, actor: Actor, filter: ClosedFilter): Promise<number> {
  const { rows } = await reader.execute<{ n: number }>(
    sql`select count(*)::int as n from cc_request r where ${closedWhere(actor, filter)}`,
  );
  return Number(rows[0]!.n);
}

function closedWhere(actor: Actor, filter: ClosedFilter): SQL {
  return sql`not r.sandbox and r.closed_at > ${filter.from.toISOString()}::timestamptz
    and r.closed_at <= ${filter.to.toISOString()}::timestamptz and r.closing = any(${textArray(filter.closings)})
    and ${filter.organisation ? sql`r.organisation = ${filter.organisation}` : sql`true`}
    and ${scopeWhere(actor, permission('read_desk'))}`;
}
