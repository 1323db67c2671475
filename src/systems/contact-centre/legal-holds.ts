import { type SQL, sql } from 'drizzle-orm';
import { audit } from '#platform/audit/append.ts';
import type { Reader } from '#platform/database/pool.ts';
import { Conflict, Invalid } from '#platform/errors.ts';
import type { Text } from '#platform/i18n/index.ts';
import type { Actor, Work } from '#platform/work.ts';
import { text } from './messages.ts';
import { permission } from './permissions.ts';
import { mask } from './publication.ts';
import { scopeWhere } from './scope.ts';
import type { Closing, State } from './states.ts';
import { holdFor } from './tell.ts';

/** Why, since when and by whose decision the personal data of a request is kept beyond its term. */
export interface LegalHold {
  readonly reason: string;
  readonly since: Date;
  readonly by: string;
}

/** Of the reason, in code points. */
export const mostHoldReason = 500;

/**
 * Keeps the personal data of a request, and of what is merged into it, beyond its term and whoever asks for erasure: for a
 * court, an inquiry. The reason is kept without personal data, in the audit log too.
 *
 * @throws Invalid without a reason; Conflict `held` when it is under hold; NotFound, Forbidden without `legal_hold` there.
 */
export async function putLegalHold(work: Work, number: string, reason: string): Promise<void> {
  await holdFor(work, number, 'legal_hold');
  const why = checked(reason);
  const { rows } = await work.tx.execute(sql`update cc_request set legal_hold = ${why},
      legal_hold_at = ${work.clock.now().toISOString()}::timestamptz, legal_hold_by = ${work.actor.name}
    where number = ${number} and legal_hold is null returning number`);
  if (rows.length === 0) throw new Conflict('held', 'the request is under legal hold already');
  await trace(work, 'legal_hold', number, why);
}

/**
 * Lets the personal data of a request go its way again: what is past its term goes with the next night's retention.
 *
 * @throws as `putLegalHold`; Conflict `not-held` when there is no hold.
 */
export async function liftLegalHold(work: Work, number: string, reason: string): Promise<void> {
  await holdFor(work, number, 'legal_hold');
  const why = checked(reason);
  const { rows } = await work.tx.execute(sql`update cc_request
    set legal_hold = null, legal_hold_at = null, legal_hold_by = null
    where number = ${number} and legal_hold is not null returning number`);
  if (rows.length === 0) throw new Conflict('not-held', 'the request is under no legal hold');
  await trace(work, 'end_legal_hold', number, why);
}

function checked(reason: string): string {
  const t = text('uk').faults;
  const length = [...reason.trim()].length;
  if (length < 5) throw new Invalid([{ field: 'reason', message: t.holdReason }]);
  if (length > mostHoldReason)
    throw new Invalid([{ field: 'reason', message: t.textTooLong(mostHoldReason) }]);
  return mask(reason.trim());
}

const trace = (work: Work, act: string, number: string, reason: string): Promise<string> =>
  audit(work, { action: permission(act), resource: `request:${number}`, detail: { reason } });

/** The hold of a request itself; what is held by the request it was merged into is told there. */
export async function legalHoldOf(reader: Reader, number: string): Promise<LegalHold | null> {
  const { rows } = await reader.execute<Record<string, string>>(
    sql`select legal_hold, legal_hold_at, legal_hold_by from cc_request where number = ${number} and legal_hold is not null`,
  );
  return rows[0] ? toHold(rows[0]) : null;
}

/** Whether a hold keeps the request `r`: its own, or that of the request it is merged into. */
export const isHeld = (): SQL => sql`(r.legal_hold is not null or exists (
  select from cc_request m where m.number = r.master and m.legal_hold is not null))`;

export interface HeldRequest extends LegalHold {
  readonly number: string;
  readonly category: Text;
  readonly address: string | null;
  readonly state: State;
  readonly closing: Closing | null;
}

/** Requests under hold that the actor may put and lift holds on, the newest hold first. */
export async function legalHolds(
  reader: Reader,
  actor: Actor,
  page: { readonly limit: number; readonly offset: number },
): Promise<{ readonly rows: readonly HeldRequest[]; readonly total: number }> {
  const where = sql`r.legal_hold is not null and not r.sandbox and ${scopeWhere(actor, permission('legal_hold'))}`;
  const [{ rows }, counted] = await Promise.all([
    reader.execute<Record<string, unknown>>(sql`
      select r.number, r.state, r.closing, r.address, r.legal_hold, r.legal_hold_at, r.legal_hold_by, c.body->'name' as category
      from cc_request r join cc_category c on c.code = r.category and c.version = r.category_version
      where ${where} order by r.legal_hold_at desc, r.number desc limit ${page.limit} offset ${page.offset}`),
    reader.execute<{ n: number }>(sql`select count(*)::int as n from cc_request r where ${where}`),
  ]);
  return {
    rows: rows.map((row) => ({
      ...toHold(row),
      number: String(row.number),
      category: row.category as Text,
      address: row.address === null ? null : String(row.address),
      state: row.state as State,
      closing: row.closing as Closing | null,
    })),
    total: counted.rows[0]!.n,
  };
}

const toHold = (row: Record<string, unknown>): LegalHold => ({
  reason: String(row.legal_hold),
  since: new Date(String(row.legal_hold_at)),
  by: String(row.legal_hold_by),
});
