import { sql } from 'drizzle-orm';
import { audit } from '#platform/audit/append.ts';
import type { Reader } from '#platform/database/pool.ts';
import type { Work } from '#platform/work.ts';
import { personOf } from '../activity.ts';
import { Absent, faulty } from '../faults.ts';
import { mustBeOfficer } from '../rights.ts';

/** Why a unit has nothing to publish, signed. */
export interface NotApplicable {
  readonly reason: string;
  /** Post of who decided it. */
  readonly by: string;
  readonly at: Date;
}

/** An obligation that a unit answers for. */
export interface Assignment {
  readonly code: string;
  readonly organisation: string;
  readonly notApplicable: NotApplicable | null;
}

/** Assignments to units that are there, of one obligation or of all. */
export async function assignmentsOf(reader: Reader, code?: string): Promise<Assignment[]> {
  const { rows } = await reader.execute<{
    code: string;
    organisation: string;
    reason: string | null;
    by: string | null;
    at: string | null;
  }>(sql`
    select a.code, a.organisation, a.not_applicable as reason, a.signed_name as by, a.signed_at::text as at
    from od_assignment a join od_organisation o on o.id = a.organisation and o.state = 'active'
    where ${code === undefined ? sql`true` : sql`a.code = ${code}`} order by a.code, a.organisation`);
  return rows.map((row) => ({
    code: row.code,
    organisation: row.organisation,
    notApplicable: row.reason === null ? null : { reason: row.reason, by: row.by!, at: new Date(row.at!) },
  }));
}

/**
 * Sets which units answer for an obligation; what was signed for those that stay, stays. The officer's.
 *
 * @param organisations ids. @throws Denied, Absent for a code or an organisation that is none.
 */
export async function assign(work: Work, code: string, organisations: readonly string[]): Promise<void> {
  mustBeOfficer(work.actor);
  const wanted = sql`(select jsonb_array_elements_text(${JSON.stringify([...new Set(organisations)])}::jsonb))`;
  const { rows } = await work.tx.execute<{ known: boolean; units: number }>(sql`
    select exists (select from od_obligation where code = ${code}) as known,
      (select count(*)::int from od_organisation where state = 'active' and id::text in ${wanted}) as units`);
  if (!rows[0]!.known || rows[0]!.units !== new Set(organisations).size) throw new Absent();
  await work.tx.execute(
    sql`delete from od_assignment where code = ${code} and organisation::text not in ${wanted}`,
  );
  await work.tx.execute(sql`
    insert into od_assignment (code, organisation, assigned_at)
    select ${code}, id, ${work.clock.now().toISOString()} from od_organisation where id::text in ${wanted} on conflict do nothing`);
  await audit(work, {
    action: 'open-data:assign_obligation',
    resource: `open-data-obligation:${code}`,
    detail: { organisations },
  });
}

/**
 * «Не застосовується»: the officer signs why a unit has nothing to publish of an obligation, or takes that back.
 *
 * @param reason public words; null takes it back. @throws Denied, Absent, Faulty of `reason`.
 */
export async function signNotApplicable(
  work: Work,
  cell: { readonly code: string; readonly organisation: string },
  reason: string | null,
): Promise<void> {
  mustBeOfficer(work.actor);
  if (reason !== null && reason.trim().length < 10) throw faulty('reason', 'Missing value');
  const signed = reason !== null;
  const { rowCount } = await work.tx.execute(sql`
    update od_assignment set not_applicable = ${reason}, signed_by = ${signed ? personOf(work) : null},
      signed_name = ${signed ? work.actor.name : null}, signed_at = ${signed ? work.clock.now().toISOString() : null}
    where code = ${cell.code} and organisation = ${cell.organisation}`);
  if (!rowCount) throw new Absent();
  await audit(work, {
    action: signed ? 'open-data:sign_not_applicable' : 'open-data:revoke_not_applicable',
    resource: `open-data-obligation:${cell.code}`,
    detail: { organisation: cell.organisation, reason },
  });
}
