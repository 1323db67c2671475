import { sql } from 'drizzle-orm';
import { scopesOf } from '#platform/access/index.ts';
import type { Reader } from '#platform/database/pool.ts';
import { Forbidden } from '#platform/errors.ts';
import type { Work } from '#platform/work.ts';
import { permission } from '../permissions.ts';
import { purposes, recordSeen } from '../personal.ts';
import { scopeWhere } from '../scope.ts';
import { blindPhone, openContact } from '../sealing.ts';
import {
  callable,
  columns,
  type DeskRow,
  instant,
  joins,
  type Listed,
  limitOf,
  listed,
  type Raw,
  seenIn,
  toDesk,
  word,
} from './rows.ts';

/** What was reported of a house since then, newest first: masked words, for whoever speaks with its people. */
export async function houseHistory(
  reader: Reader,
  building: string,
  since: Date,
  limit = 100,
): Promise<Listed<DeskRow>> {
  const max = limitOf({ limit });
  const { rows } = await reader.execute<Raw>(sql`select ${columns(null)}
    from cc_request r ${joins}
    where r.building = ${building} and r.created_at >= ${since.toISOString()}::timestamptz and not r.sandbox
    order by r.created_at desc, r.number desc limit ${max + 1}`);
  return listed(rows, max, toDesk);
}

export interface CallerRequest extends DeskRow {
  /** Several people may share a number. */
  readonly name: string | null;
  readonly reporter: string;
}

export interface CallerContact {
  readonly id: string;
  readonly channel: string;
  readonly outcome: string;
  readonly operator: string | null;
  readonly category: string | null;
  readonly building: string | null;
  readonly requests: readonly string[];
  readonly note: string | null;
  readonly startedAt: Date;
  readonly endedAt: Date | null;
}

/**
 * What is known of a telephone number, in any way of writing it: its requests, open ones first, and past conversations,
 * newest first. Whoever speaks with the caller sees it; the look leaves a trace.
 *
 * @throws Forbidden without `read_contacts`.
 */
export async function callerHistory(
  work: Work,
  phone: string,
  limit = 20,
): Promise<{ requests: Listed<CallerRequest>; contacts: Listed<CallerContact> }> {
  const scopes = scopesOf(work.actor, permission('read_contacts'));
  if (work.actor.kind !== 'system' && !scopes.length) throw new Forbidden(permission('read_contacts'));
  const max = limitOf({ limit });
  const blind = blindPhone(work.secrets, phone);
  const requests =
    await work.tx.execute<Raw>(sql`select ${columns(null)}, p.key, p.sealed, p.person, p.id as reporter
    from cc_reporter p join cc_request r on r.number = p.request ${joins}
    where p.phone_blind = ${blind} and p.withdrawn_at is null and not r.sandbox
      and ${scopeWhere(work.actor, permission('read_contacts'))}
    order by r.state in ('closed', 'merged'), r.created_at desc, r.number desc limit ${max + 1}`);
  const contacts =
    await work.tx.execute<Raw>(sql`select id, channel, outcome, operator, category, building, requests,
      key, sealed, started_at, ended_at
    from cc_contact where phone_blind = ${blind} order by started_at desc, id desc limit ${max + 1}`);
  await recordSeen(work, 'requests:caller', purposes.call, requests.rows.slice(0, max).map(seenIn), [
    'name',
    'phone',
  ]);
  return {
    requests: listed(requests.rows, max, (row) => ({
      ...toDesk(row),
      name: callable(work, row).name,
      reporter: String(row.reporter),
    })),
    contacts: listed(contacts.rows, max, (row) => ({
      id: String(row.id),
      channel: String(row.channel),
      outcome: String(row.outcome),
      operator: word(row.operator),
      category: word(row.category),
      building: word(row.building),
      requests: row.requests as string[],
      note: openContact(work.secrets, row)?.note ?? null,
      startedAt: instant(row.started_at)!,
      endedAt: instant(row.ended_at),
    })),
  };
}
